import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Page } from '../../kit/layout.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { CreateSourceDialog } from './create-source.tsx'
import { CreateWebhookDialog } from './create-webhook.tsx'
import { SourceTable } from './source-table.tsx'
import './sources.css'
import { WebhookTable } from './webhook-table.tsx'

/** Where facts come from by themselves: sources of events, and webhooks of the product. */
export function SourcesPage() {
  const t = useText()
  const mayManage = useMay('sources.manage')
  const { tab = 'sources' } = useSearch({ from: '/workspace/sources' })
  const navigate = useNavigate({ from: '/sources' })
  const [making, setMaking] = useState(false)
  const make = mayManage ? () => setMaking(true) : undefined
  return (
    <Screen
      title={t('sources.title')}
      actions={
        make && (
          <Button kind="primary" size="small" icon="plus" onClick={make}>
            {t(tab === 'sources' ? 'sources.create' : 'sources.webhook.create')}
          </Button>
        )
      }
    >
      <Page>
        <Tabs
          label={t('sources.title')}
          value={tab}
          onChange={next => void navigate({ search: next === 'sources' ? {} : { tab: next }, resetScroll: false })}
          tabs={[
            { value: 'sources', label: t('sources.events'), content: <SourceTable onCreate={make} /> },
            { value: 'webhooks', label: t('sources.webhooks'), content: <WebhookTable onCreate={make} /> },
          ]}
        />
      </Page>
      {making && tab === 'sources' && <CreateSourceDialog onClose={() => setMaking(false)} />}
      {making && tab === 'webhooks' && <CreateWebhookDialog onClose={() => setMaking(false)} />}
    </Screen>
  )
}
