/** ssh2 takes a while to load, so only runs that need it do. */
export async function loadSsh2(): Promise<typeof import('ssh2')> {
  const loaded = await import('ssh2');
  return loaded.default;
}
