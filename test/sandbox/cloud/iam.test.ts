import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  GetInstanceProfileCommand,
  IAMClient,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { findProfile } from '../../../src/sandbox/cloud/find-profile.ts';
import { type CloudServer, CREDENTIALS, codeOf, startCloudServer } from '../../support/cloud-server.ts';

const TRUST = '{"Version":"2012-10-17","Statement":[]}';

describe('roles and instance profiles', () => {
  let server: CloudServer;
  let iam: IAMClient;
  before(async () => {
    server = await startCloudServer();
    iam = new IAMClient({ region: 'us-east-1', endpoint: server.endpoint, credentials: CREDENTIALS, maxAttempts: 1 });
  });
  after(() => server.stop());

  it('live as in IAM: a profile holds one role, and neither goes while it is used', async () => {
    const role = { RoleName: 'web' };
    const profile = { InstanceProfileName: 'web' };
    await iam.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: TRUST }));
    await iam.send(new CreateInstanceProfileCommand({ ...profile, Tags: [{ Key: 'a', Value: 'b' }] }));
    expect(() => findProfile(server.cloud.store.state, { Name: 'web' })).to.throw('no associated IAM Roles');
    await iam.send(new AddRoleToInstanceProfileCommand({ ...role, ...profile }));
    const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand(profile));
    expect(InstanceProfile).to.deep.include({
      Arn: 'arn:aws:iam::000000000000:instance-profile/web',
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    expect(InstanceProfile?.Roles?.[0]?.RoleName).to.equal('web');
    expect(findProfile(server.cloud.store.state, { Arn: InstanceProfile?.Arn }).name).to.equal('web');
    const refused = [
      iam.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: TRUST })),
      iam.send(new AddRoleToInstanceProfileCommand({ ...role, ...profile })),
      iam.send(new DeleteRoleCommand(role)),
      iam.send(new DeleteInstanceProfileCommand(profile)),
      iam.send(new CreateRoleCommand({ RoleName: 'other', AssumeRolePolicyDocument: '{' })),
      iam.send(new GetInstanceProfileCommand({ InstanceProfileName: 'nobody' })),
    ].map(codeOf);
    expect(await Promise.all(refused)).to.deep.equal([
      'EntityAlreadyExistsException',
      'LimitExceededException',
      'DeleteConflictException',
      'DeleteConflictException',
      'MalformedPolicyDocumentException',
      'NoSuchEntityException',
    ]);
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ ...role, ...profile }));
    await iam.send(new DeleteRoleCommand(role));
    await iam.send(new DeleteInstanceProfileCommand(profile));
    expect(() => findProfile(server.cloud.store.state, { Name: 'web' })).to.throw('Invalid IAM Instance Profile name');
  });
});
