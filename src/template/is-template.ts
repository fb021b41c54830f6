/** Whether a text holds a delimiter of a template: `{{`, `{%` or `{#`. */
export function isTemplate(text: string): boolean {
  for (let index = text.indexOf('{'); index >= 0; index = text.indexOf('{', index + 1)) {
    const next = text[index + 1];
    if (next === '{' || next === '%' || next === '#') return true;
  }
  return false;
}
