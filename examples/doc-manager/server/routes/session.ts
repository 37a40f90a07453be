import { json, Router } from 'express';
import type { SandboxName, Session, User } from '../../shared/types';
import { HttpError } from '../http-error';
import { companies, companyOf, type Sessions, users } from '../people';

/** Who one is, and becoming somebody else. A first visit is signed in as the first user, so that there is something to see. */
export function sessionRoutes(sessions: Sessions, sandboxes: SandboxName[]): Router {
  const describe = (user: User): Session => ({
    user,
    company: companyOf(user),
    companies: companies.map((company) => ({
      ...company,
      users: users.filter(({ companyId }) => companyId === company.id),
    })),
    sandboxes,
  });

  return Router()
    .get('/session', (req, res) => {
      const user = sessions.userOf(req) ?? (users[0] as User);
      sessions.signIn(res, user);
      res.json(describe(user));
    })
    .post('/session', json(), (req, res) => {
      const user = users.find(({ id }) => id === (req.body as { userId?: unknown }).userId);
      if (!user) throw new HttpError(400, 'invalid_request');
      sessions.signIn(res, user);
      res.json(describe(user));
    });
}
