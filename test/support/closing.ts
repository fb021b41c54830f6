import type { Session } from '../../src/connection/session.ts';

/** Gives a function that notes a session, to be closed after its test even when that fails. */
export function closing(): (session: Session) => Session {
  const sessions: Session[] = [];
  afterEach(() => Promise.all(sessions.splice(0).map((session) => session.close())));
  return (session) => {
    sessions.push(session);
    return session;
  };
}
