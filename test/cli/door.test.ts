import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const HELLO = join(import.meta.dirname, 'playbooks/hello.yml');

describe('the door `playbake`', () => {
  it('plays from code, as built', async () => {
    const script = `
      import { Fault, play } from 'playbake';
      const seen = [];
      const options = { inventory: ['web1,'], connection: { connection: 'local', become: false } };
      const code = await play({ playbooks: [${JSON.stringify(HELLO)}], ...options, emit: ({ type }) => seen.push(type) });
      const fault = await play({ playbooks: ['nowhere.yml'], ...options }).catch((error) => error);
      console.log(JSON.stringify([code, seen.at(0), seen.at(-1), fault instanceof Fault && fault.code]));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(JSON.parse(stdout)).to.deep.equal([0, 'run-start', 'run-end', 'file-missing']);
  });
});
