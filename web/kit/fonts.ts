// The bundled fallback of the token --font, split by the browser into the ranges a page uses.
import '@fontsource/noto-sans-jp/400.css'
import '@fontsource/noto-sans-jp/500.css'
import '@fontsource/noto-sans-jp/600.css'
