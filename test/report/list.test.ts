import { expect } from 'chai';
import { listText } from '../../src/report/list.ts';

const plays = [
  {
    playbook: 'list.yml',
    plays: [
      {
        name: 'first',
        pattern: 'web1,web2',
        hosts: ['web1', 'web2'],
        tags: ['p'],
        tasks: [
          { name: 'one', tags: ['b', 'a'] },
          { name: 'debug', tags: [] },
        ],
      },
      { name: 'nobody', pattern: 'nobody', hosts: [], tags: [], tasks: [{ name: 'ping', tags: [] }] },
    ],
  },
];

/** As ansible-playbook 2.14 prints the same playbook. */
describe('report: lists', () => {
  it('--list-hosts --list-tasks --list-tags', () => {
    expect(listText(plays, { hosts: true, tasks: true, tags: true })).to.equal(`
playbook: list.yml

  play #1 (web1,web2): first\tTAGS: [p]
    pattern: ['web1', 'web2']
    hosts (2):
      web1
      web2
    tasks:
      one\tTAGS: [a, b, p]
      debug\tTAGS: [p]
      TASK TAGS: [a, b, p]

  play #2 (nobody): nobody\tTAGS: []
    pattern: ['nobody']
    hosts (0):
    tasks:
      ping\tTAGS: []
      TASK TAGS: []
`);
  });

  it('--syntax-check', () => {
    expect(listText(plays, { hosts: false, tasks: false, tags: false })).to.equal('\nplaybook: list.yml\n');
  });
});
