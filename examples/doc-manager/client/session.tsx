import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { createWorkflowClient, type WorkflowClient } from 'trama';
import type { Session } from '../shared/types';
import { codeOf, get, post } from './api';
import { Notice } from './parts/notice';
import { navigate } from './router';

interface SessionValue extends Session {
  /** Trama's API, as this person. */
  workflows: WorkflowClient;
  become: (userId: string) => void;
  /** What a person is called, by id. */
  userName: (userId: string) => string;
  /** May upload, ask for signatures, edit workflows. */
  canEdit: boolean;
}

const SessionContext = createContext<SessionValue | null>(null);

/** Asks the server who we are. Everything below starts anew when we become somebody else. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session | null>(null);
  const [error, setError] = useState<string | null>(null);
  const workflows = useMemo(() => createWorkflowClient({ baseUrl: '/api/workflows' }), []);
  const load = () => {
    setError(null);
    get<Session>('/session').then(setSession, (reason: unknown) => setError(codeOf(reason)));
  };
  useEffect(load, []);
  const userName = useMemo(() => {
    const users = session?.companies.flatMap((company) => company.users) ?? [];
    const names = new Map(users.map(({ id, name }) => [id, name]));
    return (userId: string) => names.get(userId) ?? userId;
  }, [session]);
  if (error) return <Notice code={error} onRetry={load} />;
  if (!session) return null;
  const become = async (userId: string) => {
    const next = await post<Session>('/session', { userId });
    // What is open belongs to the company we leave.
    if (next.company.id !== session.company.id) navigate('/');
    setSession(next);
  };
  const value = {
    ...session,
    workflows,
    userName,
    become: (userId: string) => void become(userId),
    canEdit: session.user.role !== 'viewer',
  };
  return (
    <SessionContext value={value} key={session.user.id}>
      {children}
    </SessionContext>
  );
}

export function useSession(): SessionValue {
  return useContext(SessionContext) as SessionValue;
}
