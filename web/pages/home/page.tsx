import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page } from '../../kit/layout.tsx'

/** Today's work. Until there are customers it says what will stand here. */
export function HomePage() {
  const t = useText()
  return (
    <Screen title={t('frame.nav.home')}>
      <Page>
        <EmptyState title={t('home.empty.title')} text={t('home.empty.text')} />
      </Page>
    </Screen>
  )
}
