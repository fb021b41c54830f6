/** IAM as far as launches need it: roles, and the instance profiles that hold them. Policies are kept, not enforced. */

import { randomBytes } from 'node:crypto';
import type {
  AddRoleToInstanceProfileRequest,
  AttachRolePolicyRequest,
  CreateInstanceProfileRequest,
  CreateInstanceProfileResponse,
  CreateRoleRequest,
  CreateRoleResponse,
  DeleteInstanceProfileRequest,
  DeleteRolePolicyRequest,
  DeleteRoleRequest,
  DetachRolePolicyRequest,
  GetInstanceProfileRequest,
  GetInstanceProfileResponse,
  GetRolePolicyRequest,
  GetRolePolicyResponse,
  GetRoleRequest,
  GetRoleResponse,
  InstanceProfile,
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse,
  ListInstanceProfilesForRoleRequest,
  ListInstanceProfilesForRoleResponse,
  ListInstanceProfilesRequest,
  ListInstanceProfilesResponse,
  ListRolePoliciesRequest,
  ListRolePoliciesResponse,
  ListRolesRequest,
  ListRolesResponse,
  PutRolePolicyRequest,
  RemoveRoleFromInstanceProfileRequest,
  Role,
  Tag,
  UpdateAssumeRolePolicyRequest,
} from '@aws-sdk/client-iam';
import type { Action, Actions, Context } from '../action.ts';
import { arnOf, type IamState, type ProfileRecord, type RoleRecord } from '../iam-record.ts';
import { ApiError } from '../protocol/api-error.ts';
import type { CloudState, Tags } from '../state.ts';

const createRole: Action<CreateRoleRequest, CreateRoleResponse> = (input, context) => {
  const { cloud, now } = context;
  const name = nameOf(input.RoleName, 'role');
  if (cloud.store.state.iam.roles[name] !== undefined) throw exists('Role', name);
  const role: RoleRecord = {
    name,
    id: newId('AROA'),
    path: input.Path ?? '/',
    createdAt: now,
    tags: tagsOf(input.Tags),
    trust: policyOf(input.AssumeRolePolicyDocument),
    description: input.Description ?? '',
    longestSession: input.MaxSessionDuration ?? 3600,
    attached: [],
    policies: {},
  };
  setRole(context, role);
  return { Role: shownRole(cloud.store.state, role) };
};

const getRole: Action<GetRoleRequest, GetRoleResponse> = ({ RoleName = '' }, context) => ({
  Role: shownRole(context.cloud.store.state, roleNamed(context, RoleName)),
});

const listRoles: Action<ListRolesRequest, ListRolesResponse> = ({ PathPrefix = '/' }, { cloud, seen }) => ({
  Roles: Object.values(seen.iam.roles)
    .filter(({ path }) => path.startsWith(PathPrefix))
    .map((role) => shownRole(cloud.store.state, role)),
  IsTruncated: false,
});

const deleteRole: Action<DeleteRoleRequest, object> = ({ RoleName = '' }, context) => {
  const role = roleNamed(context, RoleName);
  const { iam } = context.cloud.store.state;
  if (Object.values(iam.profiles).some((profile) => profile.role === role.name)) {
    throw conflict('Cannot delete entity, must remove roles from instance profile first.');
  }
  if (role.attached.length > 0) throw conflict('Cannot delete entity, must detach all policies first.');
  if (Object.keys(role.policies).length > 0) throw conflict('Cannot delete entity, must delete policies first.');
  update(context, (old) => ({ ...old, roles: without(old.roles, role.name) }));
  return {};
};

const updateTrust: Action<UpdateAssumeRolePolicyRequest, object> = ({ RoleName = '', PolicyDocument }, context) => {
  setRole(context, { ...roleNamed(context, RoleName), trust: policyOf(PolicyDocument) });
  return {};
};

const attach: Action<AttachRolePolicyRequest, object> = ({ RoleName = '', PolicyArn = '' }, context) => {
  const role = roleNamed(context, RoleName);
  if (!/^arn:aws[\w-]*:iam::(?:aws|\d{12}):policy\/.+/.test(PolicyArn)) {
    throw new ApiError('InvalidInput', `ARN ${PolicyArn} is not valid.`);
  }
  setRole(context, { ...role, attached: [...new Set([...role.attached, PolicyArn])] });
  return {};
};

const detach: Action<DetachRolePolicyRequest, object> = ({ RoleName = '', PolicyArn = '' }, context) => {
  const role = roleNamed(context, RoleName);
  if (!role.attached.includes(PolicyArn)) throw missing(`Policy ${PolicyArn} was not found.`);
  setRole(context, { ...role, attached: role.attached.filter((arn) => arn !== PolicyArn) });
  return {};
};

const listAttached: Action<ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse> = (input, context) => ({
  AttachedPolicies: roleNamed(context, input.RoleName ?? '').attached.map((arn) => ({
    PolicyArn: arn,
    PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
  })),
  IsTruncated: false,
});

const putPolicy: Action<PutRolePolicyRequest, object> = (input, context) => {
  const role = roleNamed(context, input.RoleName ?? '');
  const name = nameOf(input.PolicyName, 'policy');
  setRole(context, { ...role, policies: { ...role.policies, [name]: policyOf(input.PolicyDocument) } });
  return {};
};

const getPolicy: Action<GetRolePolicyRequest, GetRolePolicyResponse> = (input, context) => {
  const { name, policies } = roleNamed(context, input.RoleName ?? '');
  const policy = policies[input.PolicyName ?? ''];
  if (policy === undefined) throw missing(`The role policy with name ${input.PolicyName} cannot be found.`);
  return { RoleName: name, PolicyName: input.PolicyName ?? '', PolicyDocument: encodeURIComponent(policy) };
};

const listPolicies: Action<ListRolePoliciesRequest, ListRolePoliciesResponse> = ({ RoleName = '' }, context) => ({
  PolicyNames: Object.keys(roleNamed(context, RoleName).policies),
  IsTruncated: false,
});

const deletePolicy: Action<DeleteRolePolicyRequest, object> = ({ RoleName = '', PolicyName = '' }, context) => {
  const role = roleNamed(context, RoleName);
  if (role.policies[PolicyName] === undefined) {
    throw missing(`The role policy with name ${PolicyName} cannot be found.`);
  }
  setRole(context, { ...role, policies: without(role.policies, PolicyName) });
  return {};
};

const createProfile: Action<CreateInstanceProfileRequest, CreateInstanceProfileResponse> = (input, context) => {
  const { cloud, now } = context;
  const name = nameOf(input.InstanceProfileName, 'instance profile');
  if (cloud.store.state.iam.profiles[name] !== undefined) throw exists('Instance Profile', name);
  const profile: ProfileRecord = {
    name,
    id: newId('AIPA'),
    path: input.Path ?? '/',
    createdAt: now,
    tags: tagsOf(input.Tags),
  };
  setProfile(context, profile);
  return { InstanceProfile: shownProfile(cloud.store.state, profile) };
};

const getProfile: Action<GetInstanceProfileRequest, GetInstanceProfileResponse> = (input, context) => ({
  InstanceProfile: shownProfile(context.cloud.store.state, profileNamed(context, input.InstanceProfileName ?? '')),
});

const listProfiles: Action<ListInstanceProfilesRequest, ListInstanceProfilesResponse> = (
  { PathPrefix = '/' },
  { cloud, seen },
) => ({
  InstanceProfiles: Object.values(seen.iam.profiles)
    .filter(({ path }) => path.startsWith(PathPrefix))
    .map((profile) => shownProfile(cloud.store.state, profile)),
  IsTruncated: false,
});

const listProfilesForRole: Action<ListInstanceProfilesForRoleRequest, ListInstanceProfilesForRoleResponse> = (
  { RoleName = '' },
  context,
) => {
  const { name } = roleNamed(context, RoleName);
  return {
    InstanceProfiles: Object.values(context.seen.iam.profiles)
      .filter((profile) => profile.role === name)
      .map((profile) => shownProfile(context.cloud.store.state, profile)),
    IsTruncated: false,
  };
};

const deleteProfile: Action<DeleteInstanceProfileRequest, object> = (input, context) => {
  const profile = profileNamed(context, input.InstanceProfileName ?? '');
  if (profile.role !== undefined) {
    throw conflict('Cannot delete entity, must remove roles from instance profile first.');
  }
  update(context, (old) => ({ ...old, profiles: without(old.profiles, profile.name) }));
  return {};
};

const addRole: Action<AddRoleToInstanceProfileRequest, object> = (input, context) => {
  const profile = profileNamed(context, input.InstanceProfileName ?? '');
  const role = roleNamed(context, input.RoleName ?? '');
  if (profile.role !== undefined) {
    throw new ApiError('LimitExceeded', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1', 409);
  }
  setProfile(context, { ...profile, role: role.name });
  return {};
};

const removeRole: Action<RemoveRoleFromInstanceProfileRequest, object> = (input, context) => {
  const profile = profileNamed(context, input.InstanceProfileName ?? '');
  if (profile.role === undefined || profile.role !== input.RoleName) {
    throw missing(`The role with name ${input.RoleName} is not in the instance profile ${profile.name}.`);
  }
  setProfile(context, { ...profile, role: undefined });
  return {};
};

function roleNamed({ cloud, seen }: Context, name: string): RoleRecord {
  const role = cloud.store.state.iam.roles[name];
  if (role !== undefined && seen.iam.roles[name] !== undefined) return role;
  throw missing(`The role with name ${name} cannot be found.`);
}

function profileNamed({ cloud, seen }: Context, name: string): ProfileRecord {
  const profile = cloud.store.state.iam.profiles[name];
  if (profile !== undefined && seen.iam.profiles[name] !== undefined) return profile;
  throw missing(`Instance Profile ${name} cannot be found.`);
}

function setRole(context: Context, role: RoleRecord): void {
  update(context, (old) => ({ ...old, roles: { ...old.roles, [role.name]: role } }));
}

function setProfile(context: Context, profile: ProfileRecord): void {
  update(context, (old) => ({ ...old, profiles: { ...old.profiles, [profile.name]: profile } }));
}

function update({ cloud }: Context, change: (iam: IamState) => IamState): void {
  cloud.store.update((state) => ({ ...state, iam: change(state.iam) }));
}

function without<T>(table: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(table).filter(([other]) => other !== name));
}

function shownRole({ account }: CloudState, role: RoleRecord): Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: arnOf(account, 'role', role),
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(role.trust),
    ...(role.description === '' ? {} : { Description: role.description }),
    MaxSessionDuration: role.longestSession,
    Tags: shownTags(role.tags),
  };
}

function shownProfile(state: CloudState, profile: ProfileRecord): InstanceProfile {
  const role = profile.role === undefined ? undefined : state.iam.roles[profile.role];
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: arnOf(state.account, 'instance-profile', profile),
    CreateDate: new Date(profile.createdAt),
    Roles: role === undefined ? [] : [shownRole(state, role)],
    Tags: shownTags(profile.tags),
  };
}

function shownTags(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function tagsOf(tags: readonly Tag[] = []): Tags {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

function newId(prefix: string): string {
  return prefix + randomBytes(9).toString('hex').toUpperCase().slice(0, 17);
}

function nameOf(name: string | undefined, what: string): string {
  if (name !== undefined && /^[\w+=,.@-]{1,128}$/.test(name)) return name;
  throw new ApiError(
    'ValidationError',
    `The ${what} name ${JSON.stringify(name ?? '')} has characters that it cannot have.`,
  );
}

function policyOf(text: string | undefined): string {
  try {
    JSON.parse(text ?? '');
    return text ?? '';
  } catch {
    throw new ApiError('MalformedPolicyDocument', 'This policy contains invalid Json');
  }
}

function exists(kind: string, name: string): ApiError {
  return new ApiError('EntityAlreadyExists', `${kind} with name ${name} already exists.`, 409);
}

function missing(message: string): ApiError {
  return new ApiError('NoSuchEntity', message, 404);
}

function conflict(message: string): ApiError {
  return new ApiError('DeleteConflict', message, 409);
}

export const IAM_ACTIONS: Actions = {
  CreateRole: createRole,
  GetRole: getRole,
  ListRoles: listRoles,
  DeleteRole: deleteRole,
  UpdateAssumeRolePolicy: updateTrust,
  AttachRolePolicy: attach,
  DetachRolePolicy: detach,
  ListAttachedRolePolicies: listAttached,
  PutRolePolicy: putPolicy,
  GetRolePolicy: getPolicy,
  ListRolePolicies: listPolicies,
  DeleteRolePolicy: deletePolicy,
  CreateInstanceProfile: createProfile,
  GetInstanceProfile: getProfile,
  ListInstanceProfiles: listProfiles,
  ListInstanceProfilesForRole: listProfilesForRole,
  DeleteInstanceProfile: deleteProfile,
  AddRoleToInstanceProfile: addRole,
  RemoveRoleFromInstanceProfile: removeRole,
};
