import { Link } from '@tanstack/react-router'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { listRoles } from '../../../../server/platform/identity/contract/company.ts'
import { type Permission, permissions, scopes } from '../../../../server/platform/permissions/contract.ts'
import { useRoute, wordsOf } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Section } from '../../../kit/layout.tsx'
import { Note } from '../../../kit/note.tsx'
import { useOverflow } from '../../../kit/overflow.ts'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import './roles.css'

type RoleRow = RouteReply<typeof listRoles>['items'][number]

type AreaOf<Name extends Permission> = Name extends `${infer Area}.${string}` ? Area : never
type Area = AreaOf<Permission>
const areaOf = (permission: Permission) => permission.slice(0, permission.indexOf('.')) as Area
const areas = [...new Set(permissions.map(areaOf))]

/** The permissions of one area, in the order of the matrix. */
function permissionsOf(area: Area): Permission[] {
  return permissions.filter(permission => areaOf(permission) === area)
}

export function RolesPage() {
  const t = useText()
  return (
    <SettingsScreen title={t('permissions.title')} wide>
      <Permitted permission="company.read">
        <RolesBody />
      </Permitted>
    </SettingsScreen>
  )
}

function RolesBody() {
  const t = useText()
  const roles = useRoute(listRoles)
  return (
    <>
      <p className="text-t2 mb-5">{t('permissions.intro')}</p>
      <Section title={t('permissions.matrix')} flush>
        {roles.data ? (
          <Matrix roles={roles.data.items} />
        ) : roles.error ? (
          <Note tone="red" alert>
            {wordsOf(roles.error, t)}{' '}
            <button type="button" className="k-link" onClick={() => void roles.refetch()}>
              {t('kit.table.retry')}
            </button>
          </Note>
        ) : (
          <SkeletonRows rows={12} />
        )}
        <dl className="s-legend" aria-label={t('permissions.legend')}>
          {scopes.map(scope => (
            <div key={scope}>
              <dt>
                <Badge tone={scope === 'all' ? 'accent' : 'line'}>{t(`permissions.scope.${scope}`)}</Badge>
              </dt>
              <dd>{t(`permissions.scopeText.${scope}`)}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </>
  )
}

/** Permissions down, roles across: a product grows in permissions, hardly in roles. */
function Matrix({ roles }: { roles: readonly RoleRow[] }) {
  const t = useText()
  const scroll = useOverflow()
  const maySeeMembers = useMay('members.read')
  return (
    <section
      className="k-table-scroll"
      ref={scroll.ref}
      data-overflowing={scroll.overflowing || undefined}
      aria-label={t('permissions.matrix')}
      tabIndex={scroll.overflowing ? 0 : undefined}
    >
      <table className="k-table s-matrix" aria-label={t('permissions.matrix')}>
        <thead>
          <tr>
            <th scope="col">{t('permissions.permission')}</th>
            {roles.map(({ role }) => (
              <th key={role} scope="col">
                {t(`roles.${role}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('permissions.members')}</th>
            {roles.map(({ role, members }) => (
              <td key={role}>
                {maySeeMembers && members > 0 ? (
                  <Link
                    to="/settings/members"
                    search={{ role }}
                    className="k-link k-number"
                    aria-label={t('permissions.membersOf', { count: members, role: t(`roles.${role}`) })}
                  >
                    {members}
                  </Link>
                ) : (
                  <span className="k-number text-t3">{members}</span>
                )}
              </td>
            ))}
          </tr>
        </tbody>
        {areas.map(area => (
          <tbody key={area}>
            <tr data-area>
              <th scope="rowgroup" colSpan={roles.length + 1}>
                <span>{t(`permissions.area.${area}`)}</span>
              </th>
            </tr>
            {permissionsOf(area).map(permission => (
              <tr key={permission}>
                <th scope="row">{t(`permissions.${permission}`)}</th>
                {roles.map(({ role, grants }) => {
                  const scope = grants[permission]
                  return (
                    <td key={role}>
                      {scope ? (
                        <Badge tone={scope === 'all' ? 'accent' : 'line'}>{t(`permissions.scope.${scope}`)}</Badge>
                      ) : (
                        <span className="text-t3" role="img" aria-label={t('permissions.none')}>
                          –
                        </span>
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </section>
  )
}
