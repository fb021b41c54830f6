/** Plays while an image is made: who they are for, what they may not do, what is told of secrets. */

import { expect } from 'chai';
import { faultsOf } from '../../src/fault.ts';
import { dict } from '../../src/value/value.ts';
import { BakeFolder } from './bake-run.ts';

const INVENTORY = `
[web]
web1 color=red
web2
[db]
db1 address=10.0.0.9
[prod:children]
web
[prod:vars]
stage=prod
[local]
localhost
`;

/** A play that says what it sees. */
const says = (hosts: string, message: string) => `
- hosts: ${hosts}
  gather_facts: false
  tasks: [{ debug: { msg: "${message}" } }]
`;

describe('play: in a bake', () => {
  let folder: BakeFolder;
  beforeEach(() => {
    folder = new BakeFolder();
  });
  afterEach(() => folder.remove());

  async function faults(files: Readonly<Record<string, string>>, inventory: string[] = []) {
    try {
      await folder.run(files, { inventory });
    } catch (error) {
      return faultsOf(error) ?? [];
    }
    return [];
  }

  it('runs every play on the build machine, but those for localhost alone', async () => {
    const message = '{{ playbake_mode }} {{ inventory_hostname }} {{ group_names }} {{ ansible_play_hosts }}';
    const plays = ['web', 'all', 'web1,db', 'localhost', 'elsewhere', 'localhost:web[7]'];
    const { said, code } = await folder.run(
      { 'play.yml': plays.map((hosts) => says(hosts, message)).join(''), hosts: INVENTORY },
      { inventory: ['hosts'] },
    );
    expect(code).to.equal(0);
    const seen = "app: bake app ['db', 'elsewhere', 'prod', 'web'] ['app']";
    expect(said).to.deep.equal([seen, seen, seen, "localhost: bake localhost ['local'] ['localhost']", seen, seen]);
  });

  it('takes the place of the hosts of its groups and leaves the others', async () => {
    const message =
      "{{ groups['web'] }} {{ groups['db'] }} {{ hostvars['db1'].address }} {{ hostvars['app'].stage }} {{ color | default('none') }} {{ 'web1' in hostvars }}";
    const { said } = await folder.run({ 'play.yml': says('web', message), hosts: INVENTORY }, { inventory: ['hosts'] });
    expect(said).to.deep.equal(["app: ['app'] ['db1'] 10.0.0.9 prod none False"]);
  });

  it('has the variables of groups, beside the playbook and beside the inventory, and those of its own name', async () => {
    const files = {
      'play.yml': says('web', '{{ one }} {{ two }} {{ three }} {{ four }} {{ five | default(0) }}'),
      'group_vars/all.yml': 'one: 1\ntwo: 1\n',
      'group_vars/web.yml': 'two: 2\n',
      'inventory/hosts': INVENTORY,
      'inventory/group_vars/prod.yml': 'three: 3\n',
      'host_vars/app.yml': 'four: 4\n',
      'host_vars/web1.yml': 'five: 5\n',
    };
    expect((await folder.run(files, { inventory: ['inventory/hosts'] })).said).to.deep.equal(['app: 1 2 3 4 0']);
  });

  it('needs no inventory', async () => {
    const files = {
      'play.yml': says('web:!canary', '{{ groups }} {{ stage }}'),
      'group_vars/web.yml': 'stage: any\n',
    };
    expect((await folder.run(files)).said).to.deep.equal([
      "app: {'all': ['app'], 'ungrouped': [], 'web': ['app']} any",
    ]);
  });

  it('joins groups that templates name, at the latest when their play begins', async () => {
    const { said } = await folder.run(
      {
        'play.yml': `
- hosts: localhost
  gather_facts: false
  tasks: [{ set_fact: { target: api } }]
${says('"{{ hostvars[\'localhost\'].target }}"', '{{ group_names }} {{ stage }}')}
${says('"{{ more }}"', 'in {{ group_names }}')}`,
        'group_vars/api.yml': 'stage: of api\n',
      },
      { extraVars: ['{"more": ["web", "db"]}'] },
    );
    expect(said).to.deep.equal(["app: ['api', 'db', 'web'] of api", "app: in ['api', 'db', 'web']"]);
  });

  it('is reached by its own variables, whatever the playbook says of connections', async () => {
    const play = `
- hosts: web
  gather_facts: false
  connection: ssh
  port: 1
  vars: { ansible_connection: ssh, ansible_host: nowhere.invalid, ansible_user: nobody }
  tasks: [{ command: echo }, { meta: reset_connection }, { command: echo }]
`;
    expect((await folder.run({ 'play.yml': play })).code).to.equal(0);
    const away = { name: 'app', vars: dict({ ansible_host: '127.0.0.1', ansible_port: 1, ansible_timeout: 5 }) };
    const { code, said } = await folder.run(
      { 'play.yml': '- hosts: web\n  connection: local\n  gather_facts: false\n  tasks: [{ command: echo }]\n' },
      { build: away },
    );
    expect(code).to.equal(4);
    expect(said[0]).to.match(/^app: .*127\.0\.0\.1 port 1/);
  });

  it('ignores serial, and refuses delegation to other hosts with its line', async () => {
    const task = (host: string, more = '') => `
- hosts: web
  gather_facts: false
  serial: 2
  tasks:
    - debug: { msg: here }
      delegate_to: ${host}
      ${more}
`;
    const told = await faults({ 'play.yml': task('db1'), hosts: INVENTORY }, ['hosts']);
    expect(told.map(({ code, where }) => [code, where?.line])).to.deep.equal([['bake-unsupported', 7]]);
    const templated = await folder.run({ 'play.yml': task('"{{ groups.db[0] }}"') }, { inventory: ['hosts'] });
    expect(templated.code).to.equal(2);
    expect(templated.said[0]).to.match(/^app: delegate_to: db1 is another host/);
    for (const host of ['localhost', 'app', '"{{ groups.web[0] }}"']) {
      expect((await folder.run({ 'play.yml': task(host) }, { inventory: ['hosts'] })).code).to.equal(0);
    }
    const live = task('db1', "when: playbake_mode == 'live'");
    expect((await folder.run({ 'play.yml': live }, { inventory: ['hosts'] })).code).to.equal(0);
    const tagged = await folder.run({ 'play.yml': task('db1', 'tags: verify') }, {});
    expect(tagged.code).to.equal(0);
  });

  it('refuses plays without hosts as a play does', async () => {
    const told = await faults({ 'play.yml': '- hosts: []\n  tasks: []\n' });
    expect(told[0]?.message).to.match(/Hosts list cannot be empty/);
  });

  it('leaves out verify and first_boot, and keeps always and never as they are', async () => {
    const play = `
- hosts: web
  gather_facts: false
  tasks:
    - debug: { msg: plain }
    - { debug: { msg: verify }, tags: verify }
    - { debug: { msg: both }, tags: [verify, always] }
    - { debug: { msg: first }, tags: [first_boot] }
    - { debug: { msg: always }, tags: always }
    - { debug: { msg: never }, tags: never }
`;
    // The last task would be put on this machine.
    const { said } = await folder.run({ 'play.yml': play }, { check: true });
    expect(said).to.deep.equal(['app: plain', 'app: always']);
    const verify = await folder.run({ 'play.yml': play }, { mode: 'live', tags: ['verify'] });
    expect(verify.said).to.deep.equal(['app: verify', 'app: both', 'app: always']);
  });

  it('asks no service of the image, however often', async () => {
    const { code, events } = await folder.run({
      'play.yml': `
- hosts: web
  gather_facts: false
  tasks:
    - uri: { url: "http://localhost:1/" }
      register: health
      until: health.status == 200
    - { uri: { url: "http://app/" }, loop: [1, 2], delegate_to: localhost }
    - { wait_for: { port: 1, timeout: 1 }, vars: { playbake_now: true }, ignore_errors: true }
`,
    });
    expect(code).to.equal(0);
    expect(events.flatMap((event) => (event.type === 'result' ? [event.status] : []))).to.deep.equal([
      'skipped',
      'skipped',
      'failed',
    ]);
  });

  it('tells each secret once: what no_log hides, and passwords', async () => {
    const { secrets } = await folder.run({
      'play.yml': `
- hosts: web
  gather_facts: false
  vars: { pw: hunter-two, db: { pass: of-the-db, port: 5432 }, shown: not-secret, become_it: of-sudo }
  vars_prompt:
    - { name: asked, default: asked-for }
    - { name: open, default: said-aloud, private: no }
  tasks:
    - debug: { msg: "{{ shown }}" }
    - command: echo --password={{ pw }} -h {{ db.pass }} {{ shown | upper }}
      no_log: true
    - command: echo {{ pw }}
      no_log: "{{ true }}"
    - set_fact: { token: "{{ item }}-1" }
      loop: [first-token]
      no_log: true
    - copy: { dest: ${folder.path}/secret, content: "{{ db.pass }}\\n", mode: "0600" }
      no_log: true
    - file: { path: "${folder.path}/{{ shown }}", state: absent }
      no_log: true
    - uri: { url: "http://127.0.0.1:1/", url_username: me, url_password: of-the-web }
      ignore_errors: true
      vars: { playbake_now: true }
`,
    });
    expect(secrets).to.deep.equal([
      'asked-for',
      'hunter-two',
      'of-the-db',
      'NOT-SECRET',
      '--password=hunter-two -h of-the-db NOT-SECRET',
      'first-token',
      'of-the-web',
    ]);
  });
});
