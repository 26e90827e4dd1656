// The frame of the page: navigation by the address's hash, and the view that it names.
const VIEWS = { speak: Speak, campaign: Campaign, lexicon: Lexicons, voices: CustomVoices, history: History, usage: Usage, account: Account };

function Shell() {
  const named = () => location.hash.replace(/^#\/?/, "").split("?")[0].split("/");
  const [[view, rest], set] = useState(named());
  const [, refresh] = useState(0);
  const known = Object.hasOwn(VIEWS, view) ? view : "speak";
  const main = useRef(null);
  useKeptFocus(main);
  const first = useRef(true);
  useEffect(() => {
    const go = () => set(named());
    const keyChanged = () => refresh((value) => value + 1);
    addEventListener("hashchange", go);
    addEventListener("herald-key", keyChanged);
    return () => {
      removeEventListener("hashchange", go);
      removeEventListener("herald-key", keyChanged);
    };
  }, []);
  useEffect(() => {
    document.title = `${TEXT.views[known]} · ${TEXT.title}`;
    if (first.current) first.current = false;
    else main.current.querySelector("h1").focus();
  }, [known, rest]);
  const skip = (event) => {
    event.preventDefault();
    main.current.querySelector("h1").focus();
  };
  return html`<a class="skip" href="#main" onClick=${skip}>${TEXT.skip}</a>
    <header>
      <strong>${TEXT.title}</strong>
      <a class="reference" href="docs">${TEXT.reference}</a>
      <nav aria-label=${TEXT.title}>
        ${Object.keys(VIEWS).map((name) => html`<a key=${name} href=${`#/${name}`} aria-current=${name === known ? "page" : null}>${TEXT.views[name]}</a>`)}
      </nav>
    </header>
    <main id="main" ref=${main}><${VIEWS[known]} key=${known} rest=${rest && encodeURIComponent(rest)} /></main>`;
}

if (!location.hash) history.replaceState(null, "", account.key ? "#/speak" : "#/account");
render(html`<${Shell} />`, document.getElementById("studio"));
