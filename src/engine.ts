/** The whole engine: the commands and the two public doors. They are built as one script, so that all share its classes. */

export { run } from './cli/run.ts';

export const playbake = () => import('./playbake.ts');

export const module = () => import('./module/module.ts');
