import { useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { getProfile, type SuccessProfile } from '../../../server/customers/record/contract.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Pairs, Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { Advocacy } from './advocacy.tsx'
import { Plans } from './plans.tsx'
import { ProfileDialog } from './profile-dialog.tsx'
import { Reviews } from './reviews.tsx'

interface TabProps {
  customer: Customer
}

/** What the customer wants to reach, the way there, and what was agreed on it. */
export function SuccessTab({ customer }: TabProps) {
  return (
    <>
      <Profile customer={customer} />
      <Plans customer={customer} />
      <Reviews customer={customer} />
      <Advocacy customer={customer} />
    </>
  )
}

function Profile({ customer }: TabProps) {
  const t = useText()
  const mayWrite = useMay('customers.write')
  const [editing, setEditing] = useState(false)
  const { data, error } = useRoute(getProfile, { params: { id: customer.id } })
  return (
    <Section
      title={t('customer.profile')}
      end={
        mayWrite && (
          <Button size="small" onClick={() => setEditing(true)}>
            {t('customer.profileEdit')}
          </Button>
        )
      }
    >
      {error?.status === 404 ? (
        <p className="text-t3">{t('customer.noProfile')}</p>
      ) : error ? (
        <EmptyState title={t('customer.profileFailed')} text={wordsOf(error, t)} />
      ) : data ? (
        <ProfileFacts profile={data} currency={customer.currency} />
      ) : (
        <SkeletonRows rows={4} />
      )}
      {editing && <ProfileDialog customer={customer} profile={data} onClose={() => setEditing(false)} />}
    </Section>
  )
}

function ProfileFacts({ profile, currency }: { profile: SuccessProfile; currency: string }) {
  const t = useText()
  const format = useFormat()
  const none = <span className="text-t3">–</span>
  const day = (value: string | null) => (value ? format.day(value) : none)
  const percent = (value: number | null) => (value === null ? none : format.percent(value / 100))
  const number = (value: number | null) => (value === null ? none : format.number(value))
  return (
    <div className="u-profile">
      <div className="grid grid-cols-1 gap-4">
        <Lines title={t('customer.objectives')} lines={profile.businessObjectives} />
        <Lines title={t('customer.criteria')} lines={profile.successCriteria} />
        <div>
          <h3>{t('customer.valueMetrics')}</h3>
          {profile.valueMetrics.length === 0 && none}
          <ul>
            {profile.valueMetrics.map(metric => (
              <li key={metric.name}>
                {metric.name}:{' '}
                {t('customer.metricLine', {
                  current: metric.current === null ? '–' : format.number(metric.current),
                  target: metric.target === null ? '–' : format.number(metric.target),
                  baseline: metric.baseline === null ? '–' : format.number(metric.baseline),
                })}{' '}
                <span className="text-t3">{metric.unit}</span>
              </li>
            ))}
          </ul>
        </div>
        {profile.notes && (
          <div>
            <h3>{t('customer.notes')}</h3>
            <p className="u-text">{profile.notes}</p>
          </div>
        )}
      </div>
      <Pairs
        pairs={[
          [
            t('customer.onboarding'),
            <Badge key="onboarding" tone={profile.onboardingStatus === 'COMPLETED' ? 'green' : 'plain'}>
              {t(`customer.onboardingStatus.${profile.onboardingStatus}`)}
            </Badge>,
          ],
          [t('customer.profile.onboardingStartedOn'), day(profile.onboardingStartedOn)],
          [t('customer.profile.onboardingTargetOn'), day(profile.onboardingTargetOn)],
          [t('customer.profile.onboardingCompletedOn'), day(profile.onboardingCompletedOn)],
          [t('customer.profile.firstValueOn'), day(profile.firstValueOn)],
          [t('customer.profile.integrationStatus'), t(`customer.migrationStatus.${profile.integrationStatus}`)],
          [t('customer.profile.dataMigrationStatus'), t(`customer.migrationStatus.${profile.dataMigrationStatus}`)],
          [t('customer.trainingCompletion'), percent(profile.trainingCompletion)],
        ]}
      />
      <Pairs
        pairs={[
          [t('customer.adoptionRate'), percent(profile.adoptionRate)],
          [t('record.field.nps'), number(profile.nps)],
          [t('record.field.csat'), number(profile.csat)],
          [t('customer.ces'), number(profile.ces)],
          [t('customer.expansionProbability'), percent(profile.expansionProbability)],
          [
            t('customer.annualRevenue'),
            profile.annualRevenue === null ? none : format.money(profile.annualRevenue, currency),
          ],
          [
            t('record.field.lifetimeValue'),
            profile.lifetimeValue === null ? none : format.money(profile.lifetimeValue, currency),
          ],
          [t('customers.column.executiveSponsor'), profile.executiveSponsor ?? none],
          [t('customers.column.updatedAt'), format.dateTime(profile.updatedAt)],
        ]}
      />
    </div>
  )
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <div>
      <h3>{title}</h3>
      {lines.length === 0 ? (
        <span className="text-t3">–</span>
      ) : (
        <ul className="u-list">
          {lines.map(line => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
