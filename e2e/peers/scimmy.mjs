// A SCIM 2.0 provider made of SCIMMY, on a free port of this machine:
//   node scimmy.mjs SEEDS TOKEN PAGE
// SEEDS is a JSON file {"users": […], "groups": […]} of SCIM resources. The
// first line of output is the port.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

// The packages live in the cache, not beside this file.
const require = createRequire(process.env.WINNOW_PEERS + "/");
const express = require("express");
const SCIMMY = require("scimmy");
const {default: Routers = require("scimmy-routers")} = require("scimmy-routers");

const [seeds, token, page] = process.argv.slice(2);
const {users, groups} = JSON.parse(readFileSync(seeds, "utf8"));

// serve answers reads of one kind of resource out of a list, and keeps there
// what PATCH and PUT make of a resource.
function serve(type, list) {
    const at = (id) => {
        const i = list.findIndex((found) => found.id === id);
        if (i < 0) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
        return i;
    };
    SCIMMY.Resources.declare(type)
        .egress((resource) => resource.id ? list[at(resource.id)] : list)
        .ingress((resource, data) => list[at(resource.id)] = {...JSON.parse(JSON.stringify(data)), id: resource.id});
}

SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
serve(SCIMMY.Resources.User, users);
serve(SCIMMY.Resources.Group, groups);

const routers = new Routers({
    type: "bearer",
    handler: (request) => {
        if (request.header("Authorization") !== "Bearer " + token) throw new Error("Authorization not detected!");
        return users[0].id;
    },
});
SCIMMY.Config.set({filter: {supported: true, maxResults: Number(page)}});

const server = express().use("/scim/v2", routers).listen(0, "127.0.0.1", () => console.log(server.address().port));
