import { syntaxFailure } from './failure.ts';
import { describeToken, type Token, type TokenType } from './tokens.ts';

/** Walks over tokens; what is not as expected is a syntax Failure. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get current(): Token {
    return this.#tokens[this.#index]!;
  }

  get next(): Token | undefined {
    return this.#tokens[this.#index + 1];
  }

  get position(): number {
    return this.current.position;
  }

  advance(): Token {
    const token = this.current;
    if (token.type !== 'end') this.#index++;
    return token;
  }

  fail(message: string, position = this.position): never {
    const failure = syntaxFailure(message, position);
    if (this.isOperator('=')) failure.hint = 'compare with ==';
    throw failure;
  }

  unexpected(): never {
    this.fail(`unexpected '${describeToken(this.current)}'`);
  }

  is(type: 'name' | 'operator', ...values: readonly string[]): boolean {
    const token = this.current;
    return token.type === type && values.includes(token.value);
  }

  isOperator(value: string): boolean {
    return this.is('operator', value);
  }

  isName(value: string): boolean {
    return this.is('name', value);
  }

  skip(type: 'name' | 'operator', value: string): boolean {
    const found = this.is(type, value);
    if (found) this.advance();
    return found;
  }

  skipOperator(value: string): boolean {
    return this.skip('operator', value);
  }

  skipName(value: string): boolean {
    return this.skip('name', value);
  }

  operator(value: string): void {
    if (!this.skipOperator(value)) this.#expected(value);
  }

  keyword(value: string): void {
    if (!this.skipName(value)) this.#expected(value);
  }

  name(): string {
    const token = this.current;
    if (token.type !== 'name') return this.#expected('name');
    this.advance();
    return token.value;
  }

  expect(type: TokenType): void {
    if (this.current.type !== type) {
      this.#expected(type === 'variable-end' ? 'end of print statement' : 'end of statement block');
    }
    this.advance();
  }

  #expected(what: string): never {
    this.fail(`expected token '${what}', got '${describeToken(this.current)}'`);
  }
}
