// Leave slips. In English.

export default {
  leave: {
    title: "Leave",
    short: "Leave {{span}}",
    new: "Give leave",
    begins: "From",
    ends: "Until",
    last_day: "Until this day",
    by_number: "Person number {{id}}",
    collected: "Who collects",
    collected_listed: "Anybody listed",
    collected_alone: "Goes alone",
    collected_person: "This person",
    collected_plate: "This car",
    who: "Name or number of who collects",
    collector_person: "Id of the person",
    collector_plate: "Plate",
    hint_person: "Id of somebody enrolled",
    hint_plate: "As it is written on the car",
    give: "Give leave",
    given: "{{name}}: leave given, the gates know",
    end: "End it",
    end_why: "not needed any more",
    ended: "{{name}}: leave ended",
  },
};
