import { ApiError } from './protocol/api-error.ts';

/** EC2's own limit, before it is written in Base64; bytes. */
const LONGEST = 16_384;

/** User-data as a call gives it, in Base64; undefined for none. Throws the ApiError `InvalidParameterValue`. */
export function checkedUserData(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  const bare = text.replace(/\s+/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(bare)) {
    throw new ApiError('InvalidParameterValue', 'Invalid BASE64 encoding of user data.');
  }
  if (Buffer.from(bare, 'base64').length > LONGEST) {
    throw new ApiError('InvalidParameterValue', `User data is limited to ${LONGEST} bytes`);
  }
  return bare;
}
