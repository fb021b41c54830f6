/** Text as Python's `repr` writes its bytes: `b'/tmp/x'`. Ansible's messages about files end so. */
export function pythonBytes(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const NAMED: { readonly [byte: number]: string } = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };
  const inner = [...Buffer.from(text)].map((byte) => {
    const char = String.fromCharCode(byte);
    if (NAMED[byte] !== undefined) return NAMED[byte];
    if (char === quote) return `\\${char}`;
    return byte < 32 || byte > 126 ? `\\x${byte.toString(16).padStart(2, '0')}` : char;
  });
  return `b${quote}${inner.join('')}${quote}`;
}
