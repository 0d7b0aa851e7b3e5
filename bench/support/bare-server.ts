/**
 * The peer of `npm run bench -- http`: Fastify and pg, nothing else. No sign-in, no tenant, no transaction, no limits;
 * connected as superuser, so without row-level security. Arguments: database, port, tenant, `rows` or `json`.
 */
import fastify from 'fastify'
import pg from 'pg'

const [connectionString, port, tenantId, kind] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString, max: 10 })
const app = fastify()

const rows = `
  select m.id, u.name, u.email, m.role, u.second_factor_confirmed_at is not null as "secondFactor", m.created_at as "joinedAt",
    coalesce(teams.list, '[]'::json) as teams
  from member m join app_user u on u.id = m.user_id
  left join (select tm.member_id, json_agg(json_build_object('id', t.id, 'name', t.name) order by t.name) as list
    from team_member tm join team t on t.tenant_id = tm.tenant_id and t.id = tm.team_id
    where tm.tenant_id = $1 group by tm.member_id) teams on teams.member_id = m.id
  where m.tenant_id = $1 order by m.created_at, m.id limit 50`
const json = `select json_build_object('items', coalesce(json_agg(page), '[]'), 'next', null)::text as page from (${rows}) page`

app.get('/members', async (_, reply) => {
  const result = await pool.query(
    // The stronger of the two peers also keeps its statement prepared, as the product does.
    kind === 'json' ? { name: 'members', text: json, values: [tenantId] } : { text: rows, values: [tenantId] },
  )
  if (kind === 'json') return reply.type('application/json').send(result.rows[0].page)
  return { items: result.rows, next: null }
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
process.send?.('listening')
process.on('disconnect', () => process.exit(0))
