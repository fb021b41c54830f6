import type { InstanceRecord } from '../../src/sandbox/cloud/instance-record.ts';

/** The record of an instance in us-east-1, with what a test says of it. */
export function instanceRecord(given: Partial<InstanceRecord> = {}): InstanceRecord {
  return {
    id: 'i-0123456789abcdef0',
    tags: {},
    createdAt: 1000,
    launchedAt: 1000,
    state: 'pending',
    transition: '',
    imageId: 'ami-0123456789abcdef0',
    layers: ['settings/one', 'base/one'],
    rootDevice: '/dev/xvda',
    devices: [],
    type: 't3.micro',
    number: 256,
    address: '10.77.1.10',
    subnetId: 'subnet-0123456789abcdef0',
    vpcId: 'vpc-0123456789abcdef0',
    zone: 'us-east-1a',
    groupIds: [],
    interfaceId: 'eni-0123456789abcdef0',
    interfaceTags: {},
    sourceDestCheck: true,
    reservationId: 'r-0123456789abcdef0',
    launchIndex: 0,
    metadata: { endpoint: 'enabled', tokens: 'optional', hopLimit: 1, tags: 'disabled' },
    onShutdown: 'stop',
    keepFromTermination: false,
    keepFromStop: false,
    monitored: false,
    ebsOptimized: false,
    ...given,
  };
}
