import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { certificateFile, listCertificates } from '../../../server/engage/onboarding/contract/certificates.ts'
import { listJourneys } from '../../../server/engage/onboarding/contract/journeys.ts'
import { listOnboardingTemplates } from '../../../server/engage/onboarding/contract/templates.ts'
import { addressOf } from '../../api/client.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Facts, Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { JourneyBadge, JourneyProgress } from '../onboarding/look.tsx'
import { StartDialog } from '../onboarding/start-dialog.tsx'
import '../onboarding/onboarding.css'

/** The journeys of the customer, those that run first. */
export function OnboardingTab({ customer }: { customer: Customer }) {
  const t = useText()
  const { locale } = useLocale()
  const format = useFormat()
  const mayHandle = useMay('onboarding.handle')
  const [starting, setStarting] = useState(false)
  const { data, error } = useRoute(listJourneys, { query: { customerId: customer.id } })
  const templates = useRoute(listOnboardingTemplates).data?.items.filter(({ state }) => state === 'enabled') ?? []
  const start = mayHandle && templates.length > 0 && (
    <Button size="small" icon="plus" onClick={() => setStarting(true)}>
      {t('onboarding.start')}
    </Button>
  )
  if (error && !data) return <EmptyState title={t('onboarding.failed')} text={wordsOf(error, t)} />
  if (!data) return <SkeletonRows rows={4} />
  return (
    <>
      {data.items.length === 0 && (
        <EmptyState title={t('onboarding.empty')} text={t('onboarding.emptyText')} actions={start} />
      )}
      {data.items.map((journey, place) => (
        <Section
          key={journey.id}
          title={journey.templateName[locale]}
          note={<JourneyBadge journey={journey} />}
          end={
            <>
              {place === 0 && start}
              <Link to="/onboarding/$id" params={{ id: journey.id }} className="k-button" data-size="small">
                {t('onboarding.tasks')}
              </Link>
            </>
          }
        >
          <Facts
            facts={[
              {
                label: t('onboarding.phase'),
                value: journey.phaseName[locale],
                small: t('onboarding.dayOf', { day: journey.day, days: journey.days }),
              },
              { label: t('onboarding.starts'), value: format.day(journey.startsOn) },
              { label: t('onboarding.expected'), value: format.day(journey.expectedOn) },
            ]}
          />
          <JourneyProgress journey={journey} />
          {journey.lateTask && <p>{t('onboarding.late', { title: journey.lateTask[locale] })}</p>}
        </Section>
      ))}
      <Certificates customerId={customer.id} />
      {starting && <StartDialog templates={templates} customerId={customer.id} onClose={() => setStarting(false)} />}
    </>
  )
}

/** What flows certified to the customer and its people; journeys have theirs themselves. */
function Certificates({ customerId }: { customerId: string }) {
  const t = useText()
  const { locale } = useLocale()
  const format = useFormat()
  const items = useRoute(listCertificates, { query: { customerId } }).data?.items ?? []
  if (items.length === 0) return null
  return (
    <Section title={t('onboarding.certificates')}>
      <ul>
        {items.map(({ id, title, contactName, issuedOn }) => (
          <li key={id} className="ob-certificate">
            <span>
              {contactName ? t('onboarding.certificateOf', { name: contactName, title: title[locale] }) : title[locale]}
            </span>
            <span className="k-hint">{format.day(issuedOn)}</span>
            {(['ja', 'en'] as const).map(language => (
              <a
                key={language}
                className="k-button"
                data-size="small"
                download
                href={addressOf(certificateFile, { params: { id }, query: { language } })}
              >
                {t(`onboarding.${language}`)}
              </a>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  )
}
