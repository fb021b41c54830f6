import { expect } from 'chai';
import type { RuleCondition } from '../../../../src/sandbox/cloud/balancing/balancing-records.ts';
import { type AskedFor, matches } from '../../../../src/sandbox/cloud/balancing/rule-match.ts';

const ASKED: AskedFor = {
  method: 'GET',
  target: '/img/a.png?size=Big&x=a+b',
  headers: { host: 'www.Example.com:8080', 'x-beta': 'Yes', accept: 'text/html, */*' },
  client: '10.1.2.3',
};

describe('the conditions of a rule', () => {
  const cases: readonly (readonly [RuleCondition, boolean])[] = [
    [{ field: 'path-pattern', values: ['/img/*'] }, true],
    [{ field: 'path-pattern', values: ['/img/?.png'] }, true],
    [{ field: 'path-pattern', values: ['/IMG/*'] }, false],
    [{ field: 'path-pattern', values: ['/img'] }, false],
    [{ field: 'path-pattern', values: ['/x', '*.png'] }, true],
    [{ field: 'path-pattern', values: ['/img/a\\*png'] }, false],
    [{ field: 'host-header', values: ['*.example.COM'] }, true],
    [{ field: 'host-header', values: ['example.com'] }, false],
    [{ field: 'http-request-method', values: ['GET', 'HEAD'] }, true],
    [{ field: 'http-request-method', values: ['POST'] }, false],
    [{ field: 'source-ip', values: ['10.0.0.0/8'] }, true],
    [{ field: 'source-ip', values: ['10.1.2.0/31'] }, false],
    [{ field: 'http-header', header: 'X-Beta', values: ['yes'] }, true],
    [{ field: 'http-header', header: 'Accept', values: ['*html*'] }, true],
    [{ field: 'http-header', header: 'X-None', values: ['*'] }, false],
    [{ field: 'query-string', pairs: [{ key: 'size', value: 'big' }] }, true],
    [{ field: 'query-string', pairs: [{ value: 'a b' }] }, true],
    [{ field: 'query-string', pairs: [{ key: 'x', value: 'big' }] }, false],
  ];
  for (const [condition, wanted] of cases) {
    it(`${JSON.stringify(condition)} ${wanted ? 'holds' : 'does not hold'}`, () => {
      expect(matches([condition], ASKED)).to.equal(wanted);
    });
  }

  it('must all hold', () => {
    const [yes, no] = [
      { field: 'path-pattern', values: ['*'] } as const,
      { field: 'host-header', values: ['x'] } as const,
    ];
    expect([matches([yes, yes], ASKED), matches([yes, no], ASKED)]).to.deep.equal([true, false]);
  });
});
