import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { changeWebhookEndpoint, listWebhookEndpoints } from '../../../server/collect/webhooks/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Columns, Page, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { DeliveryTable } from './delivery-table.tsx'
import { signedExample, signedProgram } from './instructions.ts'
import { RotateSecretDialog } from './rotate-secret.tsx'
import { Snippet } from './snippet.tsx'
import './sources.css'
import { stateLook } from './source-state.ts'
import { type WebhookEndpoint, webhookStateOf } from './webhook-table.tsx'

export function WebhookPage() {
  const t = useText()
  const mayManage = useMay('sources.manage')
  const { id } = useParams({ from: '/workspace/sources/webhooks/$id' })
  const endpoints = useRoute(listWebhookEndpoints, { query: { limit: 100 } })
  const endpoint = endpoints.data?.items.find(each => each.id === id)
  return (
    <Screen
      title={endpoint?.name ?? t('sources.webhook.one')}
      crumbs={[{ label: t('sources.title'), to: '/sources' }]}
      actions={endpoint && mayManage && <PowerButton endpoint={endpoint} />}
    >
      <Page>
        {endpoint ? (
          <EndpointBody endpoint={endpoint} />
        ) : endpoints.isPending ? (
          <SkeletonRows rows={8} />
        ) : (
          <EmptyState
            title={t('sources.webhook.missing')}
            text={endpoints.error ? wordsOf(endpoints.error, t) : t('sources.webhook.missingText')}
            actions={
              <Link to="/sources" search={{ tab: 'webhooks' }} className="k-button">
                {t('sources.back')}
              </Link>
            }
          />
        )}
      </Page>
    </Screen>
  )
}

function EndpointBody({ endpoint }: { endpoint: WebhookEndpoint }) {
  const t = useText()
  const [language, setLanguage] = useState<'shell' | 'node'>('node')
  const address = location.origin + endpoint.path
  return (
    <Columns
      main={
        <>
          {endpoint.disabledAt && (
            <div className="pb-5">
              <Note tone="orange">{t('sources.webhook.disabledText')}</Note>
            </div>
          )}
          <Section title={t('sources.webhook.deliveries')}>
            <DeliveryTable endpoint={endpoint} />
          </Section>
          <Section title={t('sources.setUp')}>
            <div className="grid grid-cols-1 gap-5">
              <p className="text-t2 d-text">{t('sources.webhook.setUpText')}</p>
              <Snippet label={t('sources.webhook.address')} text={address} />
              <div className="d-ways">
                <Segments
                  label={t('sources.way')}
                  value={language}
                  onChange={setLanguage}
                  options={[
                    { value: 'node', label: 'Node.js' },
                    { value: 'shell', label: 'curl + openssl' },
                  ]}
                />
              </div>
              <Snippet
                label={t('sources.webhook.example')}
                text={language === 'node' ? signedProgram(address) : signedExample(address)}
              />
              <p className="text-t2 d-text">{t('sources.webhook.typesText')}</p>
            </div>
          </Section>
        </>
      }
      rail={<Secrets endpoint={endpoint} />}
    />
  )
}

function Secrets({ endpoint }: { endpoint: WebhookEndpoint }) {
  const t = useText()
  const format = useFormat()
  const mayManage = useMay('sources.manage')
  const [rotating, setRotating] = useState(false)
  const state = webhookStateOf(endpoint)
  return (
    <>
      <Section title={t('sources.state')}>
        <Badge tone={stateLook[state].tone} icon={stateLook[state].icon}>
          {t(`sources.state.${state}`)}
        </Badge>{' '}
        <span className="text-t3">
          {endpoint.lastSeenAt ? format.relative(endpoint.lastSeenAt) : t('sources.never')}
        </span>
      </Section>
      <Section
        title={t('sources.webhook.secrets')}
        end={
          mayManage && (
            <Button size="small" icon="refresh" onClick={() => setRotating(true)}>
              {t('sources.webhook.rotate')}
            </Button>
          )
        }
      >
        <ul className="d-secrets">
          {endpoint.secrets.map(secret => (
            <li key={secret.id}>
              <span>{t('sources.webhook.secretOf', { day: format.dateTime(secret.createdAt) })}</span>
              <span className="text-t3">
                {secret.expiresAt
                  ? t('sources.webhook.secretUntil', { day: format.dateTime(secret.expiresAt) })
                  : t('sources.webhook.secretHolds')}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      {rotating && <RotateSecretDialog endpoint={endpoint} onClose={() => setRotating(false)} />}
    </>
  )
}

function PowerButton({ endpoint }: { endpoint: WebhookEndpoint }) {
  const t = useText()
  const change = useCommand(changeWebhookEndpoint)
  const set = async (disabled: boolean) => {
    await change.run({ params: { id: endpoint.id }, body: { disabled } }).catch(() => {})
  }
  const isOff = endpoint.disabledAt !== null
  return (
    <Button
      size="small"
      icon={isOff ? 'play' : 'pause'}
      pending={change.pending}
      onClick={async () => {
        await set(!isOff)
        toastDone(t(isOff ? 'sources.settings.enabled' : 'sources.settings.disabled', { name: endpoint.name }), {
          undo: () => void set(isOff),
        })
      }}
    >
      {t(isOff ? 'sources.settings.enable' : 'sources.settings.disable')}
    </Button>
  )
}
