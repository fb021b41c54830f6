/** The courses of the hosts of a batch, made when a host is first met. */

import { cached } from './cached.ts';
import { Course } from './course.ts';
import type { HostState } from './host-state.ts';

export class Courses {
  readonly #courses = new Map<HostState, Course>();

  of(host: HostState): Course {
    return cached(this.#courses, host, () => new Course(host));
  }

  /** Settles when hosts have answered all that they were sent, if only that they refuse it. */
  async end(): Promise<void> {
    await Promise.all([...this.#courses.values()].map((course) => course.pause()));
  }
}
