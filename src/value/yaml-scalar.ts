/** How PyYAML over libyaml decides in which style a text can stand. */

/** What a plain scalar of YAML 1.1 would be read as something else than text. */
const NOT_TEXT =
  /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|~|null|Null|NULL||=|<<|[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

export const isTextWhenPlain = (text: string): boolean => !NOT_TEXT.test(text);

export interface Analysis {
  readonly multiline: boolean;
  readonly flowPlain: boolean;
  readonly blockPlain: boolean;
  readonly singleQuoted: boolean;
}

const BREAK = /[\n\x85\u2028\u2029]/;
const BLANK = /[\0 \t\r\n\x85\u2028\u2029]/;
const PRINTABLE = /^[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/;

/** Which styles can hold a text, as PyYAML's `analyze_scalar` finds out. */
export function analyze(text: string): Analysis {
  if (text === '') return { multiline: false, flowPlain: false, blockPlain: true, singleQuoted: true };
  const indicators = findIndicators([...text]);
  const multiline = BREAK.test(text);
  const special = [...text].some((char) => !PRINTABLE.test(char));
  const edges = /^[ \n\x85\u2028\u2029]|[ \n\x85\u2028\u2029]$/.test(text);
  const breakSpace = /[\n\x85\u2028\u2029] /.test(text);
  const spaceBreak = / [\n\x85\u2028\u2029]/.test(text);
  const plain = !edges && !breakSpace && !spaceBreak && !special && !multiline;
  return {
    multiline,
    flowPlain: plain && !indicators.flow,
    blockPlain: plain && !indicators.block,
    singleQuoted: !breakSpace && !spaceBreak && !special,
  };
}

/** Whether characters that mean something in YAML stand where they would. */
function findIndicators(chars: readonly string[]): { readonly block: boolean; readonly flow: boolean } {
  const text = chars.slice(0, 3).join('');
  let block = text === '---' || text === '...';
  let flow = block;
  chars.forEach((char, index) => {
    const next = chars[index + 1];
    const beforeBlank = next === undefined || BLANK.test(next);
    const afterBlank = index === 0 || BLANK.test(chars[index - 1]!);
    if (index === 0) {
      const always = '#,[]{}&*!|>\'"%@`'.includes(char) || (char === '-' && beforeBlank);
      flow ||= always || char === '?' || char === ':';
      block ||= always || ((char === '?' || char === ':') && beforeBlank);
      return;
    }
    flow ||= ',?[]{}:'.includes(char) || (char === '#' && afterBlank);
    block ||= (char === ':' && beforeBlank) || (char === '#' && afterBlank);
  });
  return { block, flow };
}
