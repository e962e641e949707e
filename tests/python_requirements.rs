//! What packages of Python a build installs: every way to write it, and input that nobody should write.
use dockfix::context::{Context, Origin, Requirements};
use dockfix::model::Dockerfile;
use dockfix::rule::{File, Reads, Settings};
use std::path::Path;

/// The files of a build context.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    }
    folder
}

/// What the last command of the last instruction installs.
fn installed_in(dockerfile: &str, folder: &Path) -> Requirements {
    let context = Context::of(&folder.join("Dockerfile"));
    let (dockerfile, settings, reads) = (Dockerfile::new(dockerfile), Settings::default(), Reads::default());
    let file = File::new(&dockerfile, &context, &settings, &reads);
    let here = file.here(dockerfile.instructions.len() - 1);
    let command = here.commands().last().expect("it has a command");
    here.python_packages(command).expect("it installs packages")
}

fn installed(dockerfile: &str, files: &[(&str, &str)]) -> Requirements {
    installed_in(dockerfile, folder(files).path())
}

/// `name[extras]version`, with `?` where it is not sure, and `@` and the origin where that is no index.
fn shown(found: &Requirements) -> String {
    let one = |p: &dockfix::context::Requirement| {
        let extras = if p.extras.is_empty() { String::new() } else { format!("[{}]", p.extras.join(",")) };
        let origin = if p.origin == Origin::Index { String::new() } else { format!("@{:?}", p.origin) };
        let maybe = if p.maybe { "?" } else { "" };
        format!("{}{extras}{}{origin}{maybe}", p.name, p.version)
    };
    found.packages.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// What `pip install -r requirements.txt` installs, with this file.
fn listed(text: &str) -> Requirements {
    let dockerfile = "FROM python:3.12\nCOPY requirements.txt /\nRUN pip install -r /requirements.txt\n";
    installed(dockerfile, &[("requirements.txt", text)])
}

#[test]
fn words_of_a_command() {
    let rows = [
        ("pip install flask psycopg2==2.9", "flask psycopg2==2.9"),
        ("python3 -m pip install --no-cache-dir -U 'Django[argon2]>=4,<5'", "django[argon2]>=4,<5"),
        ("pip install -i https://pypi.org/simple Flask_Login", "flask-login"),
        ("pip install git+https://github.com/a/b.git@v1#egg=b", "b@Git"),
        (
            "pip install https://example.org/x/lxml-4.9.3-cp311-cp311-manylinux_2_28_x86_64.whl",
            "lxml==4.9.3@Url",
        ),
        ("pip install 'a @ https://example.org/a.zip'", "a@Url"),
        ("pip install ./dist/a_b-1.0-py3-none-any.whl", "a-b==1.0@Local"),
        ("uv pip install --system numpy", "numpy"),
        ("poetry add flask@^2.1", "flask>=2.1,<3"),
        ("pip install $PACKAGES", ""),
        ("pip install 'pywin32; sys_platform == \"win32\"' six", "six"),
        ("pipenv install requests", "requests"),
    ];
    for (command, expected) in rows {
        let found = installed(&format!("FROM python:3.12\nRUN {command}\n"), &[]);
        assert_eq!(shown(&found), expected, "{command}");
        assert_eq!(found.unknown.is_some(), expected.is_empty(), "{command}: {:?}", found.unknown);
    }
}

#[test]
fn variables_are_followed() {
    let found = installed("FROM python:3.12\nARG V=2.0\nRUN pip install flask==${V} $MORE\n", &[]);
    assert_eq!(shown(&found), "flask==2.0");
    assert_eq!(found.unknown.as_deref(), Some("`$MORE` is not known"));
}

#[test]
fn a_requirements_file_of_every_kind_of_line() {
    let text = "\u{feff}# web\n--index-url https://pypi.org/simple\nFlask==3.0.0  # the framework\n\
        uvicorn[standard] >= 0.20, \\\n    < 1 \\\n    --hash=sha256:abc \\\n    --hash=sha256:def\n\
        pywin32==306; sys_platform == \"win32\"\ntomli==2.0 ; python_version < '3.11'\n\
        dataclasses; platform_machine == 'aarch64'\n-e git+https://github.com/a/b#egg=b_c\nurllib3 (>=1.2)\n";
    let found = listed(text);
    assert_eq!(
        shown(&found),
        "flask==3.0.0 uvicorn[standard]>= 0.20,     < 1 dataclasses? b-c@Git urllib3>=1.2"
    );
    assert_eq!(found.unknown, None);
    assert!(!found.elsewhere && !found.locked);
    assert!(found.packages.iter().all(|p| p.file.as_deref() == Some("requirements.txt")));
}

#[test]
fn files_that_name_files() {
    let files = [
        (
            "deps/all.txt",
            "-r base.txt\n-r base.txt\n--constraint=../limits.txt\n--no-binary lxml\n--extra-index-url https://x.org\n",
        ),
        ("deps/base.txt", "-r all.txt\nlxml\nnumpy>=1\n"),
        ("limits.txt", "numpy<2\nunused==1\n"),
    ];
    let dockerfile = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -rdeps/all.txt\n";
    let found = installed(dockerfile, &files);
    // Files that name each other, or are named twice, are read once.
    assert_eq!(shown(&found), "lxml numpy>=1,<2");
    assert!(found.packages.iter().all(|p| p.file.as_deref() == Some("deps/base.txt")));
    assert_eq!(found.packages.iter().map(|p| p.from_source).collect::<Vec<_>>(), [true, false]);
    assert_eq!((found.elsewhere, found.unknown), (true, None));
}

#[test]
fn projects() {
    let pyproject = "[build-system]\nrequires = ['setuptools', 'cython']\n[project]\nname = 'a'\ndependencies = ['lxml>=4']\n\
        [project.optional-dependencies]\npg = ['psycopg2']\ndocs = ['sphinx']\n";
    let dockerfile = "FROM python:3.12\nWORKDIR /app\nCOPY . /app\nRUN pip install '.[pg]'\n";
    let found = installed(dockerfile, &[("pyproject.toml", pyproject)]);
    assert_eq!(shown(&found), "[pg]@Local setuptools cython lxml>=4 psycopg2");
    assert_eq!(found.packages.iter().filter(|p| p.builds).count(), 2);
    assert_eq!(found.unknown, None);
    let cfg = "[options]\ninstall_requires =\n    lxml\n    six; python_version < '3'\n[options.extras_require]\npg = psycopg2\n";
    let found = installed(dockerfile, &[("setup.cfg", cfg)]);
    assert_eq!(shown(&found), "[pg]@Local lxml psycopg2");
    let found = installed(dockerfile, &[("setup.py", "setup()"), ("setup.cfg", cfg)]);
    assert_eq!(found.unknown.as_deref(), Some("`setup.py` is a program"));
}

#[test]
fn poetry_with_and_without_its_lock_file() {
    let pyproject = "[tool.poetry.dependencies]\npython = '^3.11'\nflask = '^2.1'\npsycopg2 = { version = '2.9', optional = true }\n\
        lib = { git = 'https://example.org/lib' }\n[tool.poetry.extras]\npg = ['psycopg2']\n\
        [tool.poetry.group.dev.dependencies]\npytest = '*'\n[tool.poetry.group.docs]\noptional = true\n\
        [tool.poetry.group.docs.dependencies]\nsphinx = '*'\n";
    let run = |command: &str, more: &[(&str, &str)]| {
        let dockerfile = format!("FROM python:3.12\nCOPY pyproject.toml poetry.lock* ./\nRUN {command}\n");
        shown(&installed(&dockerfile, &[&[("pyproject.toml", pyproject)], more].concat()))
    };
    assert_eq!(run("poetry install", &[]), "flask>=2.1,<3 lib@Git pytest");
    assert_eq!(run("poetry install --only main -E pg", &[]), "flask>=2.1,<3 lib@Git psycopg2==2.9");
    assert_eq!(run("poetry install --without=dev --with docs", &[]), "flask>=2.1,<3 lib@Git sphinx");
    let lock = "[[package]]\nname = 'numpy'\nversion = '2.0'\ngroups = ['main']\nfiles = [\n\
        {file = 'numpy-2.0-cp312-cp312-musllinux_1_2_x86_64.whl'}, {file = 'numpy-2.0.tar.gz'}]\n\
        [[package]]\nname = 'pytest'\nversion = '8'\ngroups = ['dev']\n\
        [[package]]\nname = 'colorama'\nversion = '1'\ngroups = ['main']\nmarkers = \"sys_platform == 'win32'\"\n";
    assert_eq!(run("poetry install --no-root", &[("poetry.lock", lock)]), "numpy==2.0 pytest==8");
    assert_eq!(run("poetry install --no-dev", &[("poetry.lock", lock)]), "numpy==2.0");
    let dockerfile = "FROM python:3.12\nCOPY . .\nRUN poetry install\n";
    let found = installed(dockerfile, &[("pyproject.toml", pyproject), ("poetry.lock", lock)]);
    let wheels = found.packages[0].wheels.expect("the lock file names files");
    assert!(wheels.musl && !wheels.glibc && found.locked);
}

#[test]
fn the_lock_file_of_pdm() {
    let pyproject = "[project.optional-dependencies]\npg = ['psycopg2']\n[dependency-groups]\ntest = ['pytest']\n\
        lint = ['ruff']\n";
    let lock = "[metadata]\ngroups = ['default', 'pg', 'test', 'lint']\nlock_version = '4.5.1'\n\
        [[package]]\nname = 'numpy'\nversion = '2.0'\ngroups = ['default']\nfiles = [\n\
        {url = 'https://x/numpy-2.0-cp312-cp312-musllinux_1_2_x86_64.whl'}, {file = 'numpy-2.0.tar.gz'}]\n\
        [[package]]\nname = 'numpy'\nversion = '2.0'\nextras = ['fast']\ngroups = ['default']\n\
        [[package]]\nname = 'lib'\nversion = '1'\ngroups = ['default']\ngit = 'https://example.org/lib'\n\
        [[package]]\nname = 'colorama'\nversion = '1'\ngroups = ['default']\nmarker = \"sys_platform == 'win32'\"\n\
        [[package]]\nname = 'psycopg2'\nversion = '3'\ngroups = ['pg']\n\
        [[package]]\nname = 'pytest'\nversion = '8'\ngroups = ['test']\n\
        [[package]]\nname = 'ruff'\nversion = '1'\ngroups = ['lint']\n";
    let files = [("pyproject.toml", pyproject), ("pdm.lock", lock)];
    let run = |command: &str| {
        let dockerfile = format!("FROM python:3.12\nCOPY pyproject.toml pdm.lock ./\nRUN {command}\n");
        installed(&dockerfile, &files)
    };
    let rows = [
        ("pdm sync", "numpy lib psycopg2 pytest ruff"),
        ("pdm install --check --prod --no-editable", "numpy lib"),
        ("pdm sync --prod -G pg", "numpy lib psycopg2"),
        ("pdm sync --prod -G:all", "numpy lib psycopg2"),
        ("pdm install -d", "numpy lib pytest ruff"),
        ("pdm install -G pg", "numpy lib psycopg2 pytest ruff"),
        ("pdm install -G lint,pg", "numpy lib psycopg2 ruff"),
        ("pdm install --no-default -G lint", "ruff"),
        ("pdm sync --without lint --without=pg", "numpy lib pytest"),
        ("pdm add flask", "flask"),
        ("pdm sync -p elsewhere", ""),
        ("pdm install -L other.lock", ""),
    ];
    for (command, names) in rows {
        let found = run(command);
        let got: Vec<&str> = found.packages.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(got.join(" "), names, "{command}");
        assert_eq!(found.unknown.is_some(), names.is_empty(), "{command}: {:?}", found.unknown);
    }
    let found = run("pdm sync --prod");
    assert_eq!(shown(&found), "numpy==2.0 lib==1@Git");
    let wheels = found.packages[0].wheels.expect("the lock file names files");
    assert!(wheels.musl && !wheels.glibc && found.locked);
    // Before its version 2.11, pdm did not say in which group a package is, nor for which system.
    let old = "[metadata]\nlock_version = '4.4'\n[[package]]\nname = 'pyobjc-core'\nversion = '10.0'\n";
    let dockerfile = "FROM python:3.12\nCOPY . .\nRUN pdm sync\n";
    assert_eq!(shown(&installed(dockerfile, &[("pdm.lock", old)])), "pyobjc-core==10.0?");
}

#[test]
fn pipenv_with_and_without_its_lock_file() {
    let pipfile = "[packages]\nflask = '*'\nwin = {version='*', sys_platform = \"== 'win32'\"}\n[dev-packages]\npytest = '*'\n";
    let lock =
        r#"{"default": {"lxml": {"version": "==4.9"}, "me": {"path": "."}}, "develop": {"pytest": {}}}"#;
    let run = |command: &str, more: &[(&str, &str)]| {
        let dockerfile = format!("FROM python:3.12\nCOPY Pipfile* ./\nRUN {command}\n");
        shown(&installed(&dockerfile, &[&[("Pipfile", pipfile)], more].concat()))
    };
    assert_eq!(run("pipenv install --system", &[]), "flask");
    assert_eq!(run("pipenv sync", &[("Pipfile.lock", lock)]), "lxml==4.9 me@Local");
    assert_eq!(run("pipenv install --deploy --dev", &[("Pipfile.lock", lock)]), "lxml==4.9 me@Local pytest");
}

#[test]
fn what_uv_reaches_from_the_project() {
    let lock = r#"
[[package]]
name = "app"
version = "0.1"
source = { virtual = "." }
dependencies = [{ name = "numpy" }, { name = "w", marker = "sys_platform == 'win32'" }, { name = "u", extra = ["fast"] }]
[package.optional-dependencies]
pg = [{ name = "psycopg2" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]
docs = [{ name = "sphinx" }]
[[package]]
name = "numpy"
version = "2.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://files/numpy-2.0-cp312-cp312-manylinux_2_17_x86_64.whl" }]
[[package]]
name = "u"
source = { git = "https://x" }
[package.optional-dependencies]
fast = [{ name = "loop" }]
[[package]]
name = "loop"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "u" }, { name = "numpy", marker = "platform_machine == 'x86_64'" }]
[[package]]
name = "w"
[[package]]
name = "pytest"
version = "8"
source = { registry = "x" }
[[package]]
name = "psycopg2"
source = { registry = "x" }
[[package]]
name = "sphinx"
"#;
    let run = |command: &str| {
        let mounts =
            "--mount=type=bind,source=uv.lock,target=uv.lock --mount=type=cache,target=/root/.cache/uv";
        let dockerfile = format!("FROM python:3.12\nWORKDIR /app\nRUN {mounts} {command}\n");
        installed(&dockerfile, &[("uv.lock", lock)])
    };
    assert_eq!(shown(&run("uv sync --locked --no-dev")), "numpy==2.0 u@Git loop");
    assert_eq!(shown(&run("uv sync --extra pg")), "numpy==2.0 u@Git loop pytest==8 psycopg2");
    let wheels = run("uv sync").packages[0].wheels.expect("the lock file names files");
    assert!(wheels.glibc && !wheels.musl);
}

#[test]
fn files_that_do_not_come_from_the_context_unchanged_are_not_known() {
    let files = [("requirements.txt", "flask\n")];
    let install = "RUN pip install -r requirements.txt\n";
    for before in [
        "",
        "COPY --from=other requirements.txt ./\n",
        "COPY <<EOF requirements.txt\nlxml\nEOF\n",
        "COPY requirements.txt ./\nRUN sed -i s/flask/lxml/ requirements.txt\n",
        "RUN curl -o requirements.txt https://example.org\n",
        "COPY requirements.txt /elsewhere/\n",
    ] {
        let found = installed(&format!("FROM python:3.12\nWORKDIR /app\n{before}{install}"), &files);
        assert!(found.unknown.is_some() && found.packages.is_empty(), "{before}");
    }
    let cases = ["COPY requirements*.txt ./\n", "COPY . .\n", "COPY requirements.txt /app/\nCOPY src ./\n"];
    for before in cases {
        let found = installed(&format!("FROM python:3.12\nWORKDIR /app\n{before}{install}"), &files);
        assert_eq!((shown(&found).as_str(), found.unknown), ("flask", None), "{before}");
    }
}

#[test]
fn nothing_outside_of_the_context_is_read() {
    let outer = folder(&[
        ("secret.txt", "outside\n"),
        ("inner/requirements.txt", "-r ../secret.txt\n-r /etc/hostname\nflask\n"),
    ]);
    let dockerfile = "FROM python:3.12\nCOPY requirements.txt /\nRUN pip install -r /requirements.txt\n";
    let found = installed_in(dockerfile, &outer.path().join("inner"));
    assert_eq!(shown(&found), "flask");
    assert!(found.unknown.is_some());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../secret.txt", outer.path().join("inner/link.txt"))
            .expect("a link can be made");
        std::fs::write(outer.path().join("inner/requirements.txt"), "-r link.txt\nflask\n")
            .expect("it is writable");
        assert_eq!(shown(&installed_in(dockerfile, &outer.path().join("inner"))), "flask");
    }
}

#[test]
fn bad_input_is_no_trouble() {
    let dockerfile = "FROM python:3.12\nCOPY . /\nRUN pip install -r /requirements.txt\n";
    let bytes = tempfile::tempdir().expect("a folder can be made");
    std::fs::write(bytes.path().join("requirements.txt"), [0xff, 0xfe, b'a', 0x80]).expect("it is writable");
    assert!(installed_in(dockerfile, bytes.path()).unknown.is_some());
    let nested = folder(&[("requirements.txt/a", "")]);
    assert!(installed_in(dockerfile, nested.path()).unknown.is_some());
    let many: String = (0..500).map(|i| format!("-r {i}.txt\n")).collect();
    assert!(listed(&many).unknown.is_some());
    for junk in [
        "é", "[", "a[", "a[b", "==", "-", "-r", "--", "a @", "@", "a;", ";", "#egg=", "git+", ".", "..",
        "\\", "a==é", "~", "a>=1,,<2", "-é", "-eé", "file:", "a[b]c", "\u{0}", "https://", "(((", "a (>=1",
        "-c -c",
    ] {
        let found = listed(&format!("{junk}\nflask\n"));
        assert!(found.packages.iter().any(|p| p.name == "flask"), "{junk:?}: {}", shown(&found));
    }
    let files = [
        "",
        "[",
        "project = 1",
        "[project]\ndependencies = 'x'",
        "[tool.poetry.dependencies]\na = 1\nb = []\nc = [1]",
        "[build-system]\nrequires = [1, '[']",
        "[[package]]",
        "package = 1",
        "[[package]]\nname = 1",
    ];
    for text in files {
        for name in
            ["pyproject.toml", "poetry.lock", "pdm.lock", "uv.lock", "Pipfile", "Pipfile.lock", "setup.cfg"]
        {
            for command in ["pip install .", "poetry install", "pdm sync -G a", "uv sync", "pipenv sync"] {
                let dockerfile = format!("FROM python:3.12\nCOPY . .\nRUN {command}\n");
                let found = installed(&dockerfile, &[(name, text)]);
                assert!(found.packages.iter().all(|p| p.name.is_ascii()), "{name}: {text}");
            }
        }
    }
}
