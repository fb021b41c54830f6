/** The syntax tree of expressions and statements. `position` is a character offset in the template. */

import type { Operator } from '../value/arithmetic.ts';
import type { Term } from '../value/term.ts';

interface Node {
  readonly position: number;
}

export interface Argument {
  readonly value: Expression;
  /** `name=value`. */
  readonly name?: string;
  /** `*value` or `**value`. */
  readonly spread?: 'list' | 'dict';
}

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export type Expression = Node &
  (
    | { readonly kind: 'constant'; readonly value: Term }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list' | 'tuple' | 'concat'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly items: readonly (readonly [Expression, Expression])[] }
    | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'item'; readonly object: Expression; readonly key: Expression }
    | SliceNode
    | CallNode
    | FilterNode
    | TestNode
    | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'not' | 'negative' | 'positive'; readonly operand: Expression }
    | CompareNode
    | ConditionalNode
  );

export interface SliceNode {
  readonly kind: 'slice';
  readonly object: Expression;
  readonly from: Expression | undefined;
  readonly to: Expression | undefined;
  readonly step: Expression | undefined;
}

export interface CallNode {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
}

export interface FilterNode {
  readonly kind: 'filter';
  /** undefined: the text of a filter block or of `{% set x | filter %}`. */
  readonly operand: Expression | undefined;
  readonly name: string;
  readonly arguments: readonly Argument[];
}

export interface TestNode {
  readonly kind: 'test';
  readonly operand: Expression;
  readonly name: string;
  readonly arguments: readonly Argument[];
}

export interface CompareNode {
  readonly kind: 'compare';
  readonly first: Expression;
  readonly rest: readonly (readonly [Comparison, Expression])[];
}

export interface ConditionalNode {
  readonly kind: 'conditional';
  readonly test: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression | undefined;
}

/** What `set`, `for` and `with` assign to. */
export type Target = Node &
  (
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'tuple'; readonly items: readonly Target[] }
    | { readonly kind: 'member'; readonly namespace: string; readonly name: string }
  );

export interface MacroNode {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly initial: Expression | undefined }[];
  readonly body: Body;
}

export type Body = readonly Statement[];

export type Statement = Node &
  (
    | { readonly kind: 'data'; readonly text: string }
    | { readonly kind: 'output' | 'do'; readonly value: Expression }
    | IfNode
    | ForNode
    | { readonly kind: 'set'; readonly target: Target; readonly value: Expression }
    | {
        readonly kind: 'set-block';
        readonly target: Target;
        readonly filter: Expression | undefined;
        readonly body: Body;
      }
    | { readonly kind: 'macro'; readonly macro: MacroNode }
    | { readonly kind: 'call-block'; readonly call: Expression & CallNode; readonly macro: MacroNode }
    | { readonly kind: 'filter-block'; readonly filter: Expression; readonly body: Body }
    | { readonly kind: 'with'; readonly values: readonly (readonly [Target, Expression])[]; readonly body: Body }
    | { readonly kind: 'include'; readonly template: Expression; readonly optional: boolean; readonly context: boolean }
    | { readonly kind: 'import'; readonly template: Expression; readonly name: string; readonly context: boolean }
    | FromImportNode
    | { readonly kind: 'extends'; readonly template: Expression }
    | { readonly kind: 'block'; readonly name: string }
    | { readonly kind: 'break' | 'continue' }
  );

export interface IfNode {
  readonly kind: 'if';
  readonly branches: readonly (readonly [Expression, Body])[];
  readonly otherwise: Body | undefined;
}

export interface ForNode {
  readonly kind: 'for';
  readonly target: Target;
  readonly items: Expression;
  readonly test: Expression | undefined;
  readonly recursive: boolean;
  readonly body: Body;
  readonly otherwise: Body | undefined;
}

export interface FromImportNode {
  readonly kind: 'from';
  readonly template: Expression;
  readonly names: readonly { readonly name: string; readonly as: string }[];
  readonly context: boolean;
}

export interface Template {
  readonly body: Body;
  readonly blocks: ReadonlyMap<string, Body>;
  readonly extends: boolean;
}
