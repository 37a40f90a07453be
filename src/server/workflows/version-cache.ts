import type { WorkflowDefinition } from '../../core/definition/schema';
import type { Database } from '../db/data-source';

/** Versions kept; at most 256 KB of JSON each, mostly a few. */
const CAPACITY = 200;

/** Published versions never change, so those in use are read once. */
export interface VersionCache {
  read: (companyId: string, workflowId: string, version: number) => Promise<WorkflowDefinition>;
}

export function createVersionCache({ pool }: Database): VersionCache {
  const kept = new Map<string, WorkflowDefinition>();
  return {
    read: async (companyId, workflowId, version) => {
      const key = JSON.stringify([companyId, workflowId, version]);
      const found = kept.get(key) ?? (await load(companyId, workflowId, version));
      // The last one used is the last one dropped.
      kept.delete(key);
      kept.set(key, found);
      const [oldest] = kept.keys();
      if (kept.size > CAPACITY && oldest !== undefined) kept.delete(oldest);
      return found;
    },
  };

  async function load(companyId: string, workflowId: string, version: number): Promise<WorkflowDefinition> {
    const { rows } = await pool.query({
      name: 'trama-version',
      text: 'select definition from workflow_version where company_id = $1 and workflow_id = $2 and version = $3',
      values: [companyId, workflowId, version],
    });
    if (!rows[0]) throw new Error(`Version ${version} of workflow ${workflowId} is not in the database.`);
    return rows[0].definition;
  }
}
