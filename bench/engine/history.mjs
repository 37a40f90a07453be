/**
 * Gives a database the history of a company that has used Trama for long: copies of a run that really ended, with their steps, each a
 * minute older than the one before. Copied column by column as the tables are, so that it holds for every version of them.
 */
export async function seedHistory(database, companyId, count) {
  const { rows } = await database.query(
    `select id from workflow_run where company_id = $1 and status = 'succeeded' limit 1`,
    [companyId],
  );
  const template = rows[0].id;
  await database.query('drop table if exists bench_history');
  await database.query(
    `create temp table bench_history as
     select n, uuidv7(n * interval '-1 minute') as id from generate_series(1, ${Number(count)}) n`,
  );
  // Only copies of what is consistent are written, so the foreign keys need not be looked at two million times.
  await database.query('set session_replication_role = replica');
  for (const table of ['workflow_run', ...(await tablesOfARun(database))]) {
    await copyRows(database, table, companyId, template);
  }
  await database.query('set session_replication_role = default');
}

async function tablesOfARun(database) {
  const { rows } = await database.query(
    `select table_name from information_schema.columns
     where table_schema = 'public' and table_name like 'workflow\\_run\\_%' and column_name = 'run_id'`,
  );
  return rows.map(({ table_name: name }) => name);
}

async function copyRows(database, table, companyId, template) {
  const { rows: columns } = await database.query(
    `select column_name as name, udt_name as type from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
    [table],
  );
  const key = table === 'workflow_run' ? 'id' : 'run_id';
  const values = columns.map(({ name, type }) => copied(name, type, key));
  await database.query(
    `insert into ${table} (${columns.map(({ name }) => name).join(', ')})
     select ${values.join(', ')} from ${table} t cross join bench_history h
     where t.company_id = $1 and t.${key} = $2 order by h.n`,
    [companyId, template],
  );
}

function copied(name, type, key) {
  if (name === key) return 'h.id';
  if (name === 'trigger_key') return `'history:' || h.n`;
  // It is the number of rows and the size of their indexes that could slow a run down, not what old outputs say.
  if (name === 'output') return `case when t.output is not null then '{}'::jsonb end`;
  return type === 'timestamptz' ? `t.${name} - h.n * interval '1 minute'` : `t.${name}`;
}
