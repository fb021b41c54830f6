import { expect } from 'chai';
import { Egress } from '../../src/sandbox/egress.ts';
import { rules } from '../../src/sandbox/network.ts';
import { subnetOf } from '../../src/sandbox/subnet.ts';

const HOSTS = `127.0.0.1 localhost vm
::1 localhost ip6-localhost
127.0.0.2 mirror.example  # a tunnel
192.0.2.7 artifacts.example artifacts
ff02::1 ip6-allnodes
`;

describe('sandbox egress', () => {
  it('opens the port of what is outside and leaves its URL alone', () => {
    const egress = new Egress('10.77.0.1', HOSTS);
    expect(egress.url('http://user:word@proxy.example:3128/')).to.equal('http://user:word@proxy.example:3128/');
    expect(egress.url('https://pypi.org/simple')).to.equal('https://pypi.org/simple');
    expect([...egress.ports]).to.deep.equal([53, 80, 443, 3128]);
    expect(egress.forwards.size).to.equal(0);
  });

  it('leads to loopback by the gateway', () => {
    const egress = new Egress('10.77.0.1', HOSTS);
    expect(egress.url('http://me@127.0.0.1:3142/debian')).to.equal('http://me@10.77.0.1:3142/debian');
    expect(egress.url('http://localhost/debian')).to.equal('http://10.77.0.1/debian');
    expect(egress.url('http://[::1]:8080')).to.equal('http://10.77.0.1:8080');
    expect([...egress.forwards]).to.deep.equal([
      [3142, '127.0.0.1'],
      [80, '127.0.0.1'],
      [8080, '127.0.0.1'],
    ]);
  });

  it('keeps the name of what /etc/hosts puts on loopback, for the sake of its certificate', () => {
    const egress = new Egress('10.77.0.1', HOSTS);
    expect(egress.url('https://mirror.example/debian')).to.equal('https://mirror.example/debian');
    expect([...egress.forwards]).to.deep.equal([[443, '127.0.0.2']]);
    expect(egress.hosts).to.deep.equal(['192.0.2.7 artifacts.example artifacts', '10.77.0.1 mirror.example']);
  });

  it('leads to a resolver on loopback', () => {
    const egress = new Egress('10.77.0.1', HOSTS);
    expect(egress.nameServer('192.0.2.53')).to.equal('192.0.2.53');
    expect(egress.nameServer('127.0.0.1')).to.equal('10.77.0.1');
    expect([...egress.forwards]).to.deep.equal([[53, '127.0.0.1']]);
  });

  it('becomes rules that drop everything else', () => {
    const egress = new Egress('10.77.0.1', HOSTS);
    egress.url('http://127.0.0.1:3142/');
    egress.url('http://proxy.example:3128');
    const text = rules(subnetOf(0), egress);
    const lines = text.split('\n').map((line) => line.trim());
    const chain = lines.slice(lines.indexOf('chain egress {') + 1, lines.indexOf('chain doors {') - 1);
    expect(chain).to.include('tcp dport { 53, 80, 443, 3128 } accept');
    expect(chain.at(-1)).to.equal('drop');
    for (const link of ['pb0', 'pb0v*']) expect(lines).to.include(`iifname "${link}" jump egress`);
    expect(lines).to.include('ip daddr 10.77.0.1 tcp dport 3142 dnat to 127.0.0.1:3142');
  });
});
