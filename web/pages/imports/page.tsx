import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Page } from '../../kit/layout.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { Permitted } from '../settings/permitted.tsx'
import { ImportList } from './import-list.tsx'
import { MappingList } from './mapping-list.tsx'
import './imports.css'

/** The imports of the company, and the mappings kept for files that come again. */
export function ImportsPage() {
  const t = useText()
  const { tab = 'imports' } = useSearch({ from: '/workspace/imports' })
  const navigate = useNavigate({ from: '/imports' })
  return (
    <Screen
      title={t('imports.title')}
      actions={
        <Link to="/imports/new" className="k-button" data-kind="primary" data-size="small">
          <Icon name="upload" />
          <span>{t('imports.new')}</span>
        </Link>
      }
    >
      <Page>
        <Permitted permission="imports.manage">
          <Tabs
            label={t('imports.title')}
            value={tab}
            onChange={next =>
              void navigate({
                search: next === 'mappings' ? { tab: 'mappings' } : {},
                replace: true,
                resetScroll: false,
              })
            }
            tabs={[
              { value: 'imports', label: t('imports.list'), content: <ImportList /> },
              { value: 'mappings', label: t('imports.mappings'), content: <MappingList /> },
            ]}
          />
        </Permitted>
      </Page>
    </Screen>
  )
}
