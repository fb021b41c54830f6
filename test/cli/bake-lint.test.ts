import { join } from 'node:path';
import { expect } from 'chai';
import { bake } from '../../src/cli/bake.ts';
import { faultsOf } from '../../src/fault.ts';
import { BakeFolder } from '../play/bake-run.ts';
import { memoryScreen } from '../report/memory-screen.ts';

describe('bake --lint', () => {
  let folder: BakeFolder;
  beforeEach(() => {
    folder = new BakeFolder();
  });
  afterEach(() => folder.remove());

  async function lint(...words: string[]) {
    const screen = memoryScreen({ directory: folder.path });
    const args = ['--lint', ...words.map((word) => (word.endsWith('.yml') ? join(folder.path, word) : word))];
    const code = await bake(args, {
      ...{ screen, env: {}, live: false, interactive: false, signal: new AbortController().signal },
      ask: async () => '',
    });
    return { code, stdout: screen.stdout, stderr: screen.stderr };
  }
  const fault = async (...words: string[]) => faultsOf(await lint(...words).catch((error: unknown) => error))?.[0];

  const PLAY = `
- hosts: web
  tasks:
    - { name: Install, apt: { name: nginx } }
    - { name: Start, service: { name: nginx, state: started } }
    - { name: See, uri: { url: http://localhost/ }, tags: verify }
`;

  it('shows a table, and makes nothing', async () => {
    folder.write({ 'site.yml': PLAY });
    expect(await lint('site.yml')).to.deep.equal({
      code: 0,
      stderr: '',
      stdout: `
PLAY [web]  site.yml:2
     4  bakeable       Install (apt)
     5  bakeable       Start (service)  starts at boot, not now
     6  in the test    See (uri)

3 tasks: 2 bakeable, 1 verified in the test of the image
`,
    });
  });

  it('lints an image of playbake.yml, with 2 where a bake would fail, as JSON too', async () => {
    folder.write({
      'playbake.yml': 'images:\n  web: { playbook: site.yml, vars: { more: more.yml } }\n',
      'site.yml': `${PLAY}    - import_tasks: "{{ more }}"\n`,
      'more.yml': '- { command: echo, delegate_to: lb1 }\n',
    });
    const { code, stdout } = await lint('web', '--json');
    expect(code).to.equal(2);
    const { playbooks } = JSON.parse(stdout) as { playbooks: { plays: { tasks: { problem: boolean }[] }[] }[] };
    expect(playbooks[0]?.plays[0]?.tasks.map(({ problem }) => problem)).to.deep.equal([false, false, false, true]);
  });

  it('says what is wrong', async () => {
    folder.write({ 'bad.yml': '- hosts: web\n  task: []\n' });
    expect((await fault('bad.yml'))?.where).to.include({ file: join(folder.path, 'bad.yml'), line: 2 });
    expect((await fault('nowhere.yml'))?.code).to.equal('file-missing');
    expect((await fault())?.hint).to.contain('bake app_update.yml');
  });
});
