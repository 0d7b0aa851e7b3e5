import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Page, PageHead } from '../../kit/layout.tsx'
import { BadgePart, ButtonPart, ColourPart, FactPart, HealthPart, IconPart, TypePart } from './basics.tsx'
import { ChartPart, DatePart, EmptyPart, LoadingPart, TablePart, TabPart } from './data.tsx'
import { FieldPart, FormPart, SecretPart } from './inputs.tsx'
import { FloatingPart, NotePart, ToastPart } from './overlays.tsx'
import './kit-page.css'

/** Every component of the kit in every state, for whoever builds screens. */
export function KitPage() {
  const t = useText()
  return (
    <Screen title={t('gallery.title')}>
      <Page>
        <PageHead text={t('gallery.intro')} />
        <div className="g-parts">
          <TypePart />
          <ColourPart />
          <HealthPart />
          <ButtonPart />
          <FieldPart />
          <FormPart />
          <BadgePart />
          <NotePart />
          <FloatingPart />
          <ToastPart />
          <DatePart />
          <TabPart />
          <ChartPart />
          <EmptyPart />
          <FactPart />
          <SecretPart />
          <LoadingPart />
          <IconPart />
          <TablePart />
        </div>
      </Page>
    </Screen>
  )
}
