import { itemsOf } from '../../value/iterate.ts';
import { PythonError } from '../../value/python-error.ts';
import { isTermDict, isTermList, type Term } from '../../value/term.ts';
import { str } from '../../value/text.ts';
import { type Filters, filter } from '../language.ts';

const quoteAll = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const quoteForm = (term: Term): string => quoteAll(str(term)).replaceAll('%20', '+');

function urlEncode(value: Term): string {
  if (!isTermDict(value) && !isTermList(value)) return quoteAll(str(value)).replaceAll('%2F', '/');
  const pairs = isTermDict(value) ? [...value] : value.map(itemsOf);
  return pairs.map(([key = '', item = '']) => `${quoteForm(key)}=${quoteForm(item)}`).join('&');
}

function urlDecode(text: string): string {
  const plain = text.replaceAll('+', ' ');
  return plain.replace(/(?:%[\da-fA-F]{2})+/g, (codes) =>
    Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

const URL_PARTS = /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

/** Python's `urlsplit` as a dictionary. */
function splitUrl(url: string): Map<Term, Term> {
  const [, scheme = '', netloc = '', path = '', query = '', fragment = ''] = URL_PARTS.exec(url) ?? [];
  const at = netloc.lastIndexOf('@');
  const user = at < 0 ? undefined : netloc.slice(0, at);
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/s.exec(netloc.slice(at + 1)) ?? [];
  const colon = user?.indexOf(':') ?? -1;
  return new Map<Term, Term>([
    ['fragment', fragment],
    ['hostname', host.replace(/^\[|\]$/g, '').toLowerCase() || null],
    ['netloc', netloc],
    ['password', user === undefined || colon < 0 ? null : user.slice(colon + 1)],
    ['path', path],
    ['port', port === undefined ? null : Number(port)],
    ['query', query],
    ['scheme', scheme.toLowerCase()],
    ['username', user === undefined ? null : colon < 0 ? user : user.slice(0, colon)],
  ]);
}

export const URL_FILTERS: Filters = {
  urlencode: filter('', urlEncode),
  urldecode: filter('', (value) => urlDecode(str(value))),
  urlsplit: filter('query alias', (value, args) => {
    const parts = splitUrl(str(value));
    const wanted = args.text('query', '');
    if (wanted === '') return parts;
    const part = parts.get(wanted);
    if (part === undefined) throw new PythonError(`urlsplit: unknown URL component: ${wanted}`);
    return part;
  }),
};
