//! A page in a browser: what a person sees of it and does to it, and what it does behind their back.
//!
//! All of it waits for the browser and panics when the browser does not answer or there is no such element: a test
//! has nothing better to do. Elements are named by CSS selectors.

use std::fs;
use std::future::Future;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, LoggingPrefsLogLevel, PageLoadStrategy};
use tokio::runtime::Runtime;

use crate::axe;
use crate::driver::Driver;
use crate::kit::Kit;

/// How long [`Page::until`] waits. Busy machines are slow.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(50);

/// Device and taste of whoever looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Width of the window, in CSS pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Whether the system is set to dark colours.
    pub dark: bool,
}

impl Look {
    /// A laptop, light colours.
    pub const LAPTOP: Self = Self { width: 1280, height: 900, dark: false };
    /// A small phone, light colours.
    pub const PHONE: Self = Self { width: 360, height: 740, dark: false };

    /// The same in dark colours.
    #[must_use]
    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }
}

/// An open page, in a browser of its own.
pub struct Page {
    runtime: Runtime,
    session: WebDriver,
    axe: String,
    /// The URL of the page's own file.
    own: String,
    _driver: Driver,
    _profile: TempDir,
}

impl Page {
    /// Opens a file.
    pub fn open(kit: &Kit, file: &Path, look: Look) -> Self {
        let file = fs::canonicalize(file).expect("the page's file");
        let own = format!("file://{}", file.display());
        let profile = tempfile::tempdir().expect("a folder for the browser");
        let driver = Driver::start(kit);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let capabilities = capabilities(kit, profile.path()).expect("options of a browser");
        let session = runtime.block_on(WebDriver::new(driver.address(), capabilities));
        let session = session.expect("a browser");
        let axe = fs::read_to_string(&kit.axe).expect("axe-core");
        let page = Self { runtime, session, axe, own, _driver: driver, _profile: profile };
        page.dress(look);
        page.wait(page.session.goto(page.own.clone()));
        page
    }

    /// Sets the size of the window and the colours.
    pub fn dress(&self, look: Look) {
        let Look { width, height, dark } = look;
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics);
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", media);
    }

    fn devtools(&self, command: &str, words: Value) {
        self.wait(self.session.cdp().send_raw(command, words));
    }

    /// The answer of the browser.
    fn wait<T>(&self, answer: impl Future<Output = WebDriverResult<T>>) -> T {
        self.runtime.block_on(answer).unwrap_or_else(|error| panic!("{}: {error}", self.own))
    }

    fn element(&self, selector: &str) -> WebElement {
        self.wait(self.session.find(By::Css(selector)))
    }

    /// How many elements are seen.
    pub fn count(&self, selector: &str) -> usize {
        let elements = self.wait(self.session.find_all(By::Css(selector)));
        elements.iter().filter(|element| self.wait(element.is_displayed())).count()
    }

    /// The text of an element as a person sees it: none of what is hidden.
    pub fn text(&self, selector: &str) -> String {
        self.wait(self.element(selector).text())
    }

    /// The title of the page.
    pub fn title(&self) -> String {
        self.wait(self.session.title())
    }

    /// Clicks an element.
    pub fn click(&self, selector: &str) {
        let element = self.seen(selector);
        self.wait(element.click());
    }

    /// An element, scrolled into the middle of the window at once.
    fn seen(&self, selector: &str) -> WebElement {
        const SCROLL: &str = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        let element = self.element(selector);
        let of = element.to_json().expect("an element has a name");
        self.wait(self.session.execute(SCROLL, vec![of]));
        element
    }

    /// Types into an element.
    pub fn type_into(&self, selector: &str, keys: &str) {
        self.wait(self.element(selector).send_keys(keys));
    }

    /// Presses keys where the focus is.
    pub fn press(&self, key: &str) {
        self.wait(self.session.action_chain().send_keys(key).perform());
    }

    /// Drags the middle of an element by so many pixels, in steps as a hand does.
    pub fn drag(&self, selector: &str, by: (i64, i64)) {
        const STEPS: i64 = 10;
        let element = self.seen(selector);
        let mut chain =
            self.session.action_chain().move_to_element_center(&element).click_and_hold();
        for _ in 0..STEPS {
            chain = chain.move_by_offset(by.0 / STEPS, by.1 / STEPS);
        }
        self.wait(chain.release().perform());
    }

    /// What a script returns: `return document.title`.
    pub fn eval(&self, script: &str) -> Value {
        self.wait(self.session.execute(script, Vec::new())).json().clone()
    }

    /// What an asynchronous script hands to `done`, which is the last of its arguments.
    pub fn eval_async(&self, script: &str) -> Value {
        self.wait(self.session.execute_async(script, Vec::new())).json().clone()
    }

    /// Waits until `condition` holds.
    pub fn until(&self, what: &str, condition: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !condition(self) {
            assert!(start.elapsed() < PATIENCE, "{}: not within {PATIENCE:?}: {what}", self.own);
            thread::sleep(PAUSE);
        }
    }

    /// Lets the page read and write the clipboard, as a person who was asked.
    pub fn allow_clipboard(&self) {
        let permissions = json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]});
        self.devtools("Browser.grantPermissions", permissions);
    }

    /// What is in the clipboard.
    pub fn clipboard(&self) -> String {
        let script = "const done = arguments[arguments.length - 1]; \
             navigator.clipboard.readText().then(done, error => done('unreadable: ' + error));";
        self.eval_async(script).as_str().unwrap_or_default().to_owned()
    }

    /// What the browser's console has said since the last look, but for mere information.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.wait(self.session.get_log("browser"));
        let is_complaint = |level: &str| matches!(level, "WARNING" | "SEVERE");
        log.into_iter().filter(|line| is_complaint(&line.level)).map(|line| line.message).collect()
    }

    /// The URLs that the page has asked for since the last look, but for its own file and what is in it.
    pub fn requests(&self) -> Vec<String> {
        let log = self.wait(self.session.get_log("performance"));
        let requests = log.into_iter().filter_map(|line| Request::of(&line.message));
        // The browser's own start page asks for a lot.
        let by_page = requests.filter(|request| file_of(&request.page) == self.own);
        let urls = by_page.map(|request| request.url);
        let is_inside = |url: &String| {
            let inside = ["data:", "blob:", "about:"];
            file_of(url) == self.own || inside.iter().any(|scheme| url.starts_with(scheme))
        };
        urls.filter(|url| !is_inside(url)).collect()
    }

    /// What keeps people with disabilities from using the page as it is now; only what is serious.
    pub fn barriers(&self) -> Vec<String> {
        self.wait(self.session.execute(&*self.axe, Vec::new()));
        axe::serious(&self.eval_async(axe::RUN))
    }

    /// Whether the page as a whole has to be scrolled sideways.
    pub fn is_too_wide(&self) -> bool {
        let script = "return document.documentElement.scrollWidth > window.innerWidth";
        self.eval(script) == Value::Bool(true)
    }

    /// A picture of what is seen, as PNG; for whoever wants to look.
    pub fn picture(&self, file: &Path) {
        self.wait(self.session.screenshot(file));
    }
}

/// A headless browser that talks to nobody and keeps a log of what its page does.
fn capabilities(kit: &Kit, profile: &Path) -> WebDriverResult<ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    capabilities.set_binary(&kit.chromium.to_string_lossy())?;
    let profile = format!("--user-data-dir={}", profile.display());
    let switches = [
        "--headless=new",
        // Its own sandbox does not work for root, and nothing foreign is shown.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        &profile,
    ];
    for switch in switches {
        capabilities.add_arg(switch)?;
    }
    capabilities.set_logging_prefs("browser", LoggingPrefsLogLevel::All)?;
    capabilities.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
    capabilities.set_page_load_strategy(PageLoadStrategy::Normal)?;
    Ok(capabilities)
}

/// Something that a page asked for.
struct Request {
    url: String,
    /// The URL of the page.
    page: String,
}

impl Request {
    /// The request that an event of the browser's protocol tells of.
    fn of(event: &str) -> Option<Self> {
        let event: Value = serde_json::from_str(event).ok()?;
        let event = &event["message"];
        if event["method"] != "Network.requestWillBeSent" {
            return None;
        }
        let params = &event["params"];
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Some(Self { url: text(&params["request"]["url"])?, page: text(&params["documentURL"])? })
    }
}

/// The URL without the place in the page.
fn file_of(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}
