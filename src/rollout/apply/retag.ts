import type { EC2 } from '@aws-sdk/client-ec2';
import { tagList } from '../../cloud/tags.ts';
import type { Settings } from '../settings.ts';

/** The user's own tags of an instance become what they shall be. Can be done again. */
export async function retag(ec2: EC2, id: string, before: Settings, after: Settings): Promise<void> {
  const gone = Object.keys(before.tags).filter((key) => !(key in after.tags));
  const Tags = tagList(after.tags);
  if (gone.length > 0) await ec2.deleteTags({ Resources: [id], Tags: gone.map((Key) => ({ Key })) });
  if (Tags.length > 0) await ec2.createTags({ Resources: [id], Tags });
}
