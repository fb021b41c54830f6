/** What Python would raise (TypeError, ValueError, …) while values are worked on. Whoever evaluates adds the place. */
export class PythonError extends Error {
  override readonly name = 'PythonError';
}
