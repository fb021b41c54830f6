const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>'"]/g, (char) => ENTITIES[char] ?? char);
}

const CHARACTERS: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  '#39': "'",
  '#34': '"',
};

/** Text without tags and comments, its blanks collapsed. */
export function stripTags(text: string): string {
  return text
    .replace(/<!--.*?-->|<[^>]*>/gs, '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ')
    .replace(/&(lt|gt|amp|quot|apos|nbsp|#39|#34);/g, (all, name: string) => CHARACTERS[name] ?? all);
}
