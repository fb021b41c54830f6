import { expect } from 'chai';
import { addressOf, hardwareAddressOf, LAST_MACHINE, overlap, SUBNETS, subnetOf } from '../../src/sandbox/subnet.ts';

describe('sandbox subnets', () => {
  it('number networks, bridges and tables', () => {
    expect(subnetOf(1)).to.deep.equal({
      index: 1,
      network: '10.77.16.0/20',
      gateway: '10.77.16.1',
      bridge: 'pb1',
      tag: 'playbake1',
    });
  });

  it('give addresses that stay in their network and off its broadcast address', () => {
    expect(addressOf(subnetOf(0), 1)).to.equal('10.77.0.11');
    expect(addressOf(subnetOf(0), 250)).to.equal('10.77.1.4');
    // One more is the builder's, and the next would be 10.77.255.255.
    expect(addressOf(subnetOf(SUBNETS - 1), LAST_MACHINE + 1)).to.equal('10.77.255.254');
  });

  it('do not overlap', () => {
    const networks = Array.from({ length: SUBNETS }, (_, index) => subnetOf(index).network);
    for (const one of networks) for (const other of networks) expect(overlap(one, other)).to.equal(one === other);
  });

  it('see what else is routed', () => {
    expect(overlap('10.77.16.0/20', '10.0.0.0/8')).to.equal(true);
    expect(overlap('10.77.16.0/20', '10.77.20.7')).to.equal(true);
    expect(overlap('10.77.16.0/20', '10.77.32.0/24')).to.equal(false);
    expect(overlap('10.77.16.0/20', '192.168.0.0/16')).to.equal(false);
  });

  it('give every machine a hardware address of its own', () => {
    expect(hardwareAddressOf(subnetOf(3), 258)).to.equal('02:70:62:03:01:02');
  });
});
