/** Tags of images that say where they come from and what they are for. */

/** The id of the base image. */
export const BASE_TAG = 'playbake:base';
/** The digest of the inputs; only where that alone tells what came out. */
export const INPUTS_TAG = 'playbake:inputs';
/** When the image was revoked, ISO 8601: nobody should use it any more. */
export const REVOKED_TAG = 'playbake:revoked';
/** Why, in the words of who revoked it. */
export const REASON_TAG = 'playbake:revoked-because';
/** Followed by the name of a channel, such as `stable`; the value says since when, ISO 8601. */
export const CHANNEL_TAG = 'playbake:channel/';
