import { onceFree } from './once-free.ts';
import type { Remover } from './removal.ts';

/** A volume can be deleted when its instance has ended. */
export const removeVolume: Remover = ({ id, name }, removal) => {
  const volume = id ?? name;
  const remove = () => removal.ec2.deleteVolume({ VolumeId: volume });
  return onceFree({ what: `the volume ${volume}`, remove, code: 'VolumeInUse' }, removal);
};
