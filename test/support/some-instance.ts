/** The record of an instance, for tests of what only reads some of it. */

import type { InstanceRecord } from '../../src/sandbox/cloud/instance-record.ts';

export function someInstance(given: Partial<InstanceRecord> & Pick<InstanceRecord, 'id'>): InstanceRecord {
  return {
    tags: {},
    createdAt: 0,
    state: 'running',
    transition: '',
    launchedAt: 0,
    imageId: 'ami-00000000',
    layers: [],
    rootDevice: '/dev/xvda',
    devices: [],
    type: 't3.micro',
    number: 246,
    address: '10.77.1.0',
    subnetId: 'subnet-00000000',
    vpcId: 'vpc-00000000',
    zone: 'us-east-1a',
    groupIds: [],
    interfaceId: 'eni-00000000',
    interfaceTags: {},
    sourceDestCheck: true,
    reservationId: 'r-00000000',
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
