import { expect } from 'chai';
import { userData } from '../../src/bake/user-data.ts';
import { Findings } from '../../src/fault.ts';
import { toPlain } from '../../src/value/value.ts';
import { parseYaml } from '../../src/value/yaml.ts';

describe('bake: what cloud-init is told', () => {
  const host = { file: '/k', private: '-----BEGIN-----\nabc\n-----END-----\n', public: 'ssh-ed25519 AAAA' };
  const read = (purpose: 'build' | 'test') => {
    const findings = new Findings();
    const data = toPlain(parseYaml(userData(host, purpose), 'user-data', findings) ?? null);
    findings.check();
    return data as { readonly [key: string]: unknown };
  };

  it('is the host key of the machine', () => {
    expect(read('test')).to.deep.equal({
      ssh_deletekeys: true,
      ssh_genkeytypes: ['ed25519'],
      ssh_keys: {
        ed25519_private: '-----BEGIN-----\nabc\n-----END-----\n',
        ed25519_public: 'ssh-ed25519 AAAA playbake',
      },
    });
  });

  it('has a build machine leave the first boot of its base image undone', () => {
    expect(read('build')).to.deep.equal({
      ...read('test'),
      bootcmd: ['mkdir -p /var/lib/playbake/first-boot', 'touch /var/lib/playbake/first-boot/done'],
    });
  });
});
