/** The variables of an os-release file by their names in lower case; it is read as the shell would. */
export function osRelease(text: string): { readonly [name: string]: string } {
  const values: { [name: string]: string } = {};
  for (const [, name, word = ''] of text.matchAll(/^[ \t]*(\w+)=((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'])*)/gm)) {
    if (name) values[name.toLowerCase()] = unquote(word);
  }
  return values;
}

function unquote(word: string): string {
  return word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs, (_, double?: string, single?: string, one?: string) => {
    if (double !== undefined) return double.replace(/\\(["\\$`])/g, '$1');
    return single ?? one ?? '';
  });
}
