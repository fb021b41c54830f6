import type { Filters } from '../language.ts';
import { DATA_FILTERS } from './data.ts';
import { DICT_FILTERS } from './dict.ts';
import { HASH_FILTERS } from './hash.ts';
import { NUMBER_FILTERS } from './number.ts';
import { PATH_FILTERS } from './path.ts';
import { RANDOM_FILTERS } from './random.ts';
import { REGEX_FILTERS } from './regex.ts';
import { SELECT_FILTERS } from './select.ts';
import { SEQUENCE_FILTERS } from './sequence.ts';
import { SET_FILTERS } from './set.ts';
import { TEXT_FILTERS } from './text.ts';
import { TIME_FILTERS } from './time.ts';
import { URL_FILTERS } from './url.ts';
import { VALUE_FILTERS } from './value.ts';

/** All filters by name. */
export const FILTERS: Filters = {
  ...VALUE_FILTERS,
  ...TEXT_FILTERS,
  ...REGEX_FILTERS,
  ...NUMBER_FILTERS,
  ...SEQUENCE_FILTERS,
  ...SELECT_FILTERS,
  ...SET_FILTERS,
  ...DICT_FILTERS,
  ...DATA_FILTERS,
  ...PATH_FILTERS,
  ...URL_FILTERS,
  ...TIME_FILTERS,
  ...HASH_FILTERS,
  ...RANDOM_FILTERS,
};
