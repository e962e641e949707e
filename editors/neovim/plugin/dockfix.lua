-- Names of Dockerfiles that Neovim itself does not know, as `dockfix` finds them in a folder.
vim.filetype.add({
  extension = { containerfile = 'dockerfile', Containerfile = 'dockerfile' },
  pattern = { ['[Cc]ontainerfile%..*'] = 'dockerfile', ['dockerfile%..*'] = 'dockerfile' },
})
