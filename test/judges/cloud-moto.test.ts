import { join } from 'node:path';
import { expect } from 'chai';
import { seedBaseImages } from '../../src/sandbox/cloud/base-images.ts';
import { type CloudServer, startCloudServer } from '../support/cloud-server.ts';
import { python, pythonMissing } from '../support/python.ts';

/** What moto answers and EC2, and so the sandbox, does not for a Linux instance in a network without IPv6. */
const LACKING = {
  // moto deletes a group that is in use, and so it is gone at the second call.
  'delete_security_group refused': ['InvalidGroup.NotFound'],
  // Of Windows, and of an attribute that is asked for by its own call.
  describe_instances: ['Reservations.Instances.Platform', 'Reservations.Instances.SriovNetSupport'],
  // Of interfaces that a service of AWS made.
  describe_network_interfaces: ['NetworkInterfaces.RequesterId'],
  describe_vpcs: ['Vpcs.Ipv6CidrBlockAssociationSet'],
  // Of paravirtual machines.
  run_instances: ['Instances.KernelId', 'Instances.Platform', 'Instances.SriovNetSupport'],
};

const missing = await pythonMissing('boto3', 'moto.server');
if (missing === undefined) {
  describe('the API beside moto', () => {
    let server: CloudServer;
    before(async () => {
      server = await startCloudServer();
      const { bases, settings } = server.home;
      seedBaseImages(server.cloud, { base: join(bases, 'a'), settings: join(settings, 'a-b-2026-01-02'), hosts: [] });
    });
    after(() => server.stop());

    it('answers with all members that moto answers with, and refuses what it refuses', async () => {
      expect(JSON.parse((await python('cloud-moto.py', server.endpoint)).stdout)).to.deep.equal(LACKING);
    }).timeout(120_000);
  });
} else console.log(`  moto is not compared with: ${missing}`);
