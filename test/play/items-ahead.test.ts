import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { PlayEvent } from '../../src/play/events.ts';
import { play } from '../../src/playbake.ts';
import { makeKey } from '../support/ssh-keys.ts';
import { type SshServer, startSshServer } from '../support/ssh-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('the items of a loop over a wire', () => {
  const directory = temporaryDirectory();
  let server: SshServer;
  let inventory = '';

  before(async () => {
    const key = await makeKey(directory(), 'key');
    server = await startSshServer({ directory: directory(), authorized: [key.public] });
    inventory = join(directory(), 'hosts');
    const args = '-F none -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no';
    const host = `web1 ansible_host=127.0.0.1 ansible_port=${server.port} ansible_ssh_private_key_file=${key.path}`;
    await writeFile(inventory, `${host} ansible_ssh_common_args="${args}"\n`);
  });

  after(() => server.stop());

  async function run(tasks: string) {
    const playbook = join(directory(), 'play.yml');
    await writeFile(
      playbook,
      `- hosts: all\n  gather_facts: false\n  vars: { at: ${directory()} }\n  tasks:\n${tasks}`,
    );
    const events: PlayEvent[] = [];
    const code = await play({ playbooks: [playbook], inventory: [inventory], emit: (event) => events.push(event) });
    const items = events.flatMap((event) => (event.type === 'item' ? [`${event.status} ${event.label}`] : []));
    return { code, items };
  }

  it('are done and shown in their order', async () => {
    const { code, items } = await run(`
    - shell: "echo {{ item }} >>{{ at }}/log; sleep 0.0{{ 9 - item % 10 }}"
      loop: "{{ range(30) }}"\n`);
    const all = Array.from({ length: 30 }, (_, index) => index);
    expect(items).to.deep.equal(all.map((item) => `changed ${item}`));
    expect(await readFile(join(directory(), 'log'), 'utf8')).to.equal(`${all.join('\n')}\n`);
    expect(code).to.equal(0);
  });

  it('are written in their order, whether they go by a channel of their own or not', async () => {
    const { items } = await run(`
    - copy: { content: "{{ item * size }}", dest: "{{ at }}/written" }
      vars: { size: "{{ 90000 if item in 'bdf' else 3 }}" }
      loop: [a, b, c, d, e, f, g]\n`);
    expect(items).to.deep.equal([...'abcdefg'].map((item) => `changed ${item}`));
    expect(await readFile(join(directory(), 'written'), 'utf8')).to.equal('ggg');
  });

  it('go on where one fails, as ever', async () => {
    const { code, items } = await run(`
    - command: "test {{ item }} != 2"
      loop: [1, 2, 3, 4]
      changed_when: item == 4\n`);
    expect(items).to.deep.equal(['ok 1', 'failed 2', 'ok 3', 'changed 4']);
    expect(code).to.equal(2);
  });

  it('end where the host is lost', async () => {
    const { code, items } = await run(`
    - shell: "echo {{ item }} >>{{ at }}/lost; if [ {{ item }} = 2 ]; then kill -9 $(ps -o ppid= -p $PPID) $PPID; sleep 1; fi"
      loop: "{{ range(20) }}"\n`);
    expect(items.slice(0, 2)).to.deep.equal(['changed 0', 'changed 1']);
    expect(items[2]).to.equal('unreachable 2');
    expect(items).to.have.length(3);
    expect(await readFile(join(directory(), 'lost'), 'utf8')).to.equal('0\n1\n2\n');
    expect(code).to.equal(4);
  });
});
