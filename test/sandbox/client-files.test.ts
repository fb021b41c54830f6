import { expect } from 'chai';
import { inventoryText, knownHostsText, sshWords } from '../../src/sandbox/client-files.ts';
import { unavailable } from '../../src/sandbox/requirements.ts';

const MACHINES = [
  { name: 'web1', address: '10.77.0.11', hostKey: 'ssh-ed25519 AAAA1 web1\n' },
  { name: 'web2', address: '10.77.0.12', hostKey: 'ssh-ed25519 AAAA2 web2\n' },
];

describe('sandbox client files', () => {
  it('are an inventory with the group ec2_instances', () => {
    expect(inventoryText(MACHINES, '/home/key', '/home/known_hosts')).to.equal(`[ec2_instances]
web1 ansible_host=10.77.0.11
web2 ansible_host=10.77.0.12

[ec2_instances:vars]
ansible_user=ubuntu
ansible_ssh_private_key_file=/home/key
ansible_ssh_common_args='-o UserKnownHostsFile=/home/known_hosts'
ansible_python_interpreter=/usr/bin/python3
`);
  });

  it('are host keys by name and address', () => {
    expect(knownHostsText(MACHINES)).to.equal('web1,10.77.0.11 ssh-ed25519 AAAA1\nweb2,10.77.0.12 ssh-ed25519 AAAA2\n');
  });

  it('are an ssh command that trusts nothing else', () => {
    const words = sshWords('10.77.0.11', '/key', '/known_hosts', ['uptime', '-p']);
    expect(words.join(' ')).to.equal(
      'ssh -F none -i /key -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/known_hosts ubuntu@10.77.0.11 uptime -p',
    );
  });
});

describe('sandbox requirements', () => {
  it('are told in one line, with one command for all packages', () => {
    const fault = unavailable([
      { what: 'root', how: 'run it with sudo' },
      { what: 'ssh', how: 'apt-get install -y openssh-client' },
      { what: 'ssh-keygen', how: 'apt-get install -y openssh-client' },
      { what: 'nft', how: 'apt-get install -y nftables' },
    ]);
    expect(fault.code).to.equal('sandbox-unavailable');
    expect(fault.message).to.equal(
      'the sandbox cannot run here: it needs root, ssh, ssh-keygen, nft (apt-get install -y openssh-client nftables; run it with sudo)',
    );
  });

  it('are told without packages too', () => {
    const fault = unavailable([{ what: 'Linux', how: 'run it on a Debian or Ubuntu machine' }]);
    expect(fault.message).to.equal(
      'the sandbox cannot run here: it needs Linux (run it on a Debian or Ubuntu machine)',
    );
  });
});
